/** Results as one table: a line per scenario and metric, a column per peer, Waystone's ratios at the end. */
import type { Scenario } from "./scenarios/scenario.ts";
import { median } from "./statistics.ts";

/** scenario name -> peer name -> one measurement per round. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, readonly Readonly<Record<string, number>>[]>>;

export interface Figure {
  readonly scenario: string;
  readonly metric: string;
  readonly values: Readonly<Record<string, number>>;
}

export function buildFigures(
  scenarios: readonly Scenario[],
  peers: readonly string[],
  results: Results,
): readonly Figure[] {
  return scenarios.flatMap((scenario) =>
    scenario.metrics.map((metric) => {
      const rounds = (peer: string): readonly number[] =>
        (results.get(scenario.name)?.get(peer) ?? []).map((round) => round[metric.key] ?? Number.NaN);
      const base = rounds("direct");
      const values = peers.flatMap((peer) => {
        // Round by round: direct was measured within the same noisy minute.
        const over = metric.overDirect === true && peer !== "direct";
        const each = rounds(peer).map((value, round) => (over ? value - (base[round] ?? Number.NaN) : value));
        const value = median(each.filter((one) => !Number.isNaN(one)));
        return Number.isNaN(value) ? [] : [[peer, value] as const];
      });
      return { scenario: scenario.name, metric: metric.key, values: Object.fromEntries(values) };
    }),
  );
}

export function formatTable(
  scenarios: readonly Scenario[],
  peers: readonly string[],
  figures: readonly Figure[],
): string {
  const compared = ["before", "haproxy", "envoy"].filter((peer) => peer !== "before" || peers.includes(peer));
  const header = ["scenario", "figure", ...peers, ...compared.map((peer) => `/${peer}`)];
  const rows = figures.map((figure) => {
    const scenario = scenarios.find(({ name }) => name === figure.scenario);
    const metric = scenario?.metrics.find(({ key }) => key === figure.metric);
    const cells = peers.map((peer) => figure.values[peer]?.toFixed(metric?.digits ?? 2) ?? "-");
    return [
      scenario?.title ?? "",
      metric?.title ?? "",
      ...cells,
      ...compared.map((peer) => ratio(figure, peer)),
    ];
  });
  const widths = header.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => `${"-".repeat(width + 1)}${at < 2 ? "-" : ":"}`).join("|")}|`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

function ratio(figure: Figure, to: string): string {
  const ours = figure.values["waystone"];
  const theirs = figure.values[to];
  return ours === undefined || theirs === undefined || theirs === 0 ? "-" : `${(ours / theirs).toFixed(2)}x`;
}
