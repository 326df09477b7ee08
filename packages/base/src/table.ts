/** Text tables in the manner of kubectl: columns three spaces apart, the last one as long as it is. */

export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      return `${cells.join("   ").trimEnd()}\n`;
    })
    .join("");
}
