/** Results as one table: a line per scenario and metric, a column per peer, Waystone's ratios at the end with their least and most. */
import type { Scenario } from "./scenarios/scenario.ts";
import { median } from "./statistics.ts";

/** Waystone's figure in terms of another peer's, round by round: what disturbs a round disturbs both. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** scenario name -> peer name -> one measurement per round. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, readonly Readonly<Record<string, number>>[]>>;

export interface Figure {
  readonly scenario: string;
  readonly metric: string;
  readonly values: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, Ratio>>;
}

/** Those that Waystone is compared with. */
const compared = ["before", "haproxy", "envoy"];

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
      const each = (peer: string): readonly number[] => {
        // Round by round: direct was measured within the same noisy minute.
        const over = metric.overDirect === true && peer !== "direct";
        return rounds(peer).map((value, round) => (over ? value - (base[round] ?? Number.NaN) : value));
      };
      return {
        scenario: scenario.name,
        metric: metric.key,
        values: Object.fromEntries(
          peers.flatMap((peer) => {
            const value = median(each(peer).filter((one) => !Number.isNaN(one)));
            return Number.isNaN(value) ? [] : [[peer, value] as const];
          }),
        ),
        ratios: Object.fromEntries(
          compared.flatMap((peer) => {
            const ratio = compareRounds(each("waystone"), each(peer));
            return ratio === undefined ? [] : [[peer, ratio] as const];
          }),
        ),
      };
    }),
  );
}

/** Undefined: there is no round with a figure of both. What is over "direct" may be nothing or less in a noisy one, and is no ratio then. */
function compareRounds(ours: readonly number[], theirs: readonly number[]): Ratio | undefined {
  const ratios = ours
    .map((value, round) => value / (theirs[round] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

export function formatTable(
  scenarios: readonly Scenario[],
  peers: readonly string[],
  figures: readonly Figure[],
): string {
  const others = compared.filter((peer) => peer !== "before" || peers.includes(peer));
  const header = ["scenario", "figure", ...peers, ...others.map((peer) => `/${peer}`)];
  const rows = figures.map((figure) => {
    const scenario = scenarios.find(({ name }) => name === figure.scenario);
    const metric = scenario?.metrics.find(({ key }) => key === figure.metric);
    const cells = peers.map((peer) => figure.values[peer]?.toFixed(metric?.digits ?? 2) ?? "-");
    return [
      scenario?.title ?? "",
      metric?.title ?? "",
      ...cells,
      ...others.map((peer) => formatRatio(figure.ratios[peer])),
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

/** With its bounds, where rounds differ. */
function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return "-";
  const [middle, least, most] = [ratio.median, ratio.least, ratio.most].map((value) => value.toFixed(2));
  return least === most ? `${middle}x` : `${middle}x (${least} to ${most})`;
}
