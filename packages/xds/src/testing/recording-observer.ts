/** For tests: writes down what a server learns. */
import type { TypeUrl } from "@waystone/api/names";
import type { AckObserver, ConnectedNode } from "../resource.ts";

export class RecordingObserver implements AckObserver {
  readonly lines: string[] = [];
  readonly nodes = new Map<string, ConnectedNode>();
  readonly #waiters = new Set<() => void>();

  connected(node: ConnectedNode): void {
    if (this.nodes.has(node.id)) throw new Error(`${node.id} connected twice`);
    this.nodes.set(node.id, node);
    this.#write(`+ ${node.id} (${node.scope})`);
  }

  disconnected(node: ConnectedNode): void {
    if (!this.nodes.delete(node.id)) throw new Error(`${node.id} was not connected`);
    this.#write(`- ${node.id}`);
  }

  acknowledged(
    _node: ConnectedNode,
    typeUrl: TypeUrl,
    verdicts: readonly { name: string; version: string | undefined; error?: string }[],
  ): void {
    const type = typeUrl.slice(typeUrl.lastIndexOf(".") + 1);
    for (const { name, version, error } of verdicts) {
      const what = version === undefined ? "gone" : "ok";
      this.#write(`${type} ${name} ${error === undefined ? what : `refused: ${error}`}`);
    }
  }

  /** What was written since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }

  /** Resolves when `holds` does; looked at on every line. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }

  #write(line: string): void {
    this.lines.push(line);
    for (const wake of this.#waiters) wake();
  }
}
