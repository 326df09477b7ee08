/** Reads as much of a Dockerfile as ours needs: its last stage, one instruction after the other. */

export interface Instruction {
  /** In capitals: COPY. */
  readonly name: string;
  readonly value: string;
}

/** The instructions of the last stage, its FROM included. Comments and line continuations are taken away. */
export function parseLastStage(text: string): readonly Instruction[] {
  const all = parseInstructions(text);
  return all.slice(all.findLastIndex(({ name }) => name === "FROM"));
}

export function parseInstructions(text: string): readonly Instruction[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n/g, " ")
    .split("\n");
  return lines.flatMap((line) => {
    const [, name, value] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name: name.toUpperCase(), value }];
  });
}

/** `A=1 B=2` as ENV and LABEL have it; quoted values are not among ours. */
export function parsePairs(value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    value.split(/\s+/).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1 || /["']/.test(pair))
        throw new Error(`${pair}: only NAME=value without quotes is understood`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
