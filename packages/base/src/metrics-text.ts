/** The Prometheus text exposition format, version 0.0.4. */
import type { Family, Labels, Sample } from "./metrics.ts";

export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

export function renderMetrics(families: readonly Family[]): string {
  const lines: string[] = [];
  for (const family of [...families].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    lines.push(`# HELP ${family.name} ${escapeHelp(family.help)}`, `# TYPE ${family.name} ${family.type}`);
    for (const sample of family.samples) renderSample(family, sample, lines);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function renderSample(family: Family, sample: Sample, lines: string[]): void {
  if (sample.counts === undefined) {
    lines.push(`${family.name}${renderLabels(sample.labels)} ${renderNumber(sample.value ?? 0)}`);
    return;
  }
  let cumulative = 0;
  const bounds = family.bounds ?? [];
  for (let i = 0; i < sample.counts.length; i++) {
    cumulative += sample.counts[i]!;
    const le = i < bounds.length ? renderNumber(bounds[i]!) : "+Inf";
    lines.push(`${family.name}_bucket${renderLabels({ ...sample.labels, le })} ${renderNumber(cumulative)}`);
  }
  lines.push(`${family.name}_sum${renderLabels(sample.labels)} ${renderNumber(sample.sum ?? 0)}`);
  lines.push(`${family.name}_count${renderLabels(sample.labels)} ${renderNumber(cumulative)}`);
}

function renderLabels(labels: Labels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return "";
  return `{${entries.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

function renderNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return Number.isNaN(value) ? "NaN" : String(value);
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
