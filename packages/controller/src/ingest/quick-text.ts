/** A text and how far it has been read: what the quick readers of block and flow style share. */

/** Thrown where the text goes beyond what the quick reader knows. It costs no stack trace. */
export class GiveUp {
  readonly reason = "beyond the quick reader";
}

const gaveUp = new GiveUp();
const doubleQuoted = /"(?:[^"\\\n]|\\["\\/bfnrt])*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
const restOfLine = /(?: +#[^\n]*| *)(?:\n|$)/y;

export class Text {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  peek(): string | undefined {
    return this.text[this.at];
  }

  /** Reads on past what the (sticky) pattern matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  readDoubleQuoted(): string {
    const [quoted] = this.match(doubleQuoted) ?? this.giveUp();
    // These escapes mean the same in JSON.
    return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  readSingleQuoted(): string {
    const [quoted] = this.match(singleQuoted) ?? this.giveUp();
    return quoted.slice(1, -1).replaceAll("''", "'");
  }

  endLine(): void {
    if (this.match(restOfLine) === undefined) this.giveUp();
  }

  giveUp(): never {
    throw gaveUp;
  }
}
