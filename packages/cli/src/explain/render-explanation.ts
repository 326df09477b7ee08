/** An explanation as people read it: the steps below one another, the decisive ones marked, the verdict last. */
import type { Explanation, Outcome, Step } from "@waystone/engine/explain/explanation";
import type { SourceOrigin } from "@waystone/controller/model/sources";

export type Locate = (object: string, field: string) => SourceOrigin | undefined;

/** Places stand in a column of their own behind texts that are no longer. */
const alignedWidth = 88;
const phaseWidth = 15;

export function renderExplanation(title: string, explanation: Explanation, locate: Locate): string {
  const { steps } = explanation;
  let phase = "";
  const lines = steps.map((step) => {
    const shown = step.phase === phase ? "" : step.phase;
    ({ phase } = step);
    const mark = step.decides ? ">" : " ";
    return {
      text: `${mark} ${shown.padEnd(phaseWidth)}${"  ".repeat(step.depth)}${step.text}`,
      place: placeOf(step, locate),
    };
  });
  const width = Math.min(alignedWidth, Math.max(...lines.map(({ text }) => text.length)));
  const body = lines.map(({ text, place }) => (place === "" ? text : `${text.padEnd(width)}  ${place}`));
  return `${[title, "", ...body, "", ...renderVerdict(explanation)].join("\n")}\n`;
}

/** "spec.rules[0]  policies.yaml:8:7" */
function placeOf({ object, field }: Step, locate: Locate): string {
  if (object === "") return "";
  const origin = locate(object, field);
  const file = origin === undefined ? "" : `${origin.file}:${origin.line}:${origin.column}`;
  return [field, file].filter((part) => part !== "").join("  ");
}

export function renderVerdict({ outcomes, asks, assumed, shadowDeniedBy }: Explanation): string[] {
  const isSure = outcomes.length === 1;
  const lines = outcomes.map((outcome) => {
    const share = isSure ? "" : `${Math.round(outcome.share * 1000) / 10}%  `;
    return `${share}${describeOutcome(outcome)}`;
  });
  if (asks.length > 0) lines.push(`IF       the provider of ${asks.join(", ")} agrees: it is not asked here`);
  for (const each of assumed) lines.push(`IF       ${each}`);
  if (shadowDeniedBy.length > 0) lines.push(`SHADOW   would be denied by ${shadowDeniedBy.join(", ")}`);
  return lines;
}

export function describeOutcome({ result, kind, status, backend, detail, policies }: Outcome): string {
  const code = status === null ? "" : `${status} `;
  const why = detail === "" ? "" : `: ${detail}`;
  switch (result) {
    case "forwarded":
      return kind === "direct" ? `ALLOWED  directly to ${backend}` : `ALLOWED  to ${backend}`;
    case "answered":
      return `ANSWERED ${code}${kind}${why}`;
    case "refused":
      if (kind === "no-healthy-upstream") return `ALLOWED  to ${backend}, which answers ${code}${kind}${why}`;
      if (kind === "access-denied") return `DENIED   ${code}${detail || policies.join(", ")}`;
      return `REFUSED  ${code}${kind}${why}`;
  }
}
