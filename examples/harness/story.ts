/** What a demo tells on the terminal: chapters, what was seen, and of every claim whether it held. */
export class Story {
  readonly #startedAt = performance.now();
  readonly #isColoured = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  #failed = 0;
  #claims = 0;

  chapter(title: string): void {
    console.log(`\n${this.#paint("1", title)}`);
  }

  say(text: string): void {
    console.log(`  ${text}`);
  }

  show(value: Readonly<Record<string, unknown>>): void {
    for (const [key, each] of Object.entries(value)) console.log(`  ${key}: ${JSON.stringify(each)}`);
  }

  claim(holds: boolean, text: string): void {
    this.#claims++;
    if (!holds) this.#failed++;
    console.log(`  ${holds ? this.#paint("32", "ok") : this.#paint("31", "NOT SO")}  ${text}`);
  }

  /** Says how it went, and sets the exit code. */
  end(): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    const held = this.#claims - this.#failed;
    console.log(`\n${held} of ${this.#claims} claims held, in ${seconds} s`);
    process.exitCode = this.#failed === 0 && this.#claims > 0 ? 0 : 1;
  }

  #paint(code: string, text: string): string {
    return this.#isColoured ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}
