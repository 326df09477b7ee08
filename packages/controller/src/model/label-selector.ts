/** Whether labels satisfy a metav1.LabelSelector: matchLabels and matchExpressions, all of them. Empty selects all. */
import type { LabelSelector } from "@waystone/api/kubernetes/meta";

type Labels = Readonly<Record<string, string>>;

export function matchLabelSelector(selector: LabelSelector, labels: Labels): boolean {
  if (!matchLabels(selector.matchLabels ?? {}, labels)) return false;
  return (selector.matchExpressions ?? []).every((expression) => {
    const value = labels[expression.key];
    switch (expression.operator) {
      case "In":
        return value !== undefined && (expression.values ?? []).includes(value);
      case "NotIn":
        return value === undefined || !(expression.values ?? []).includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return expression.operator satisfies never;
    }
  });
}

/** Whether `labels` has every pair of `wanted`. */
export function matchLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
