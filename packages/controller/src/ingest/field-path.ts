/**
 * Where a field is inside an object: ["spec", "rules", 0, "name"], and how people read and write it: "spec.rules[0].name".
 * A key that is no plain word goes into brackets and quotes: metadata.labels["app.kubernetes.io/name"].
 */

export type FieldPath = readonly (string | number)[];

const plainWord = /^[A-Za-z_$][\w$-]*$/;

export function formatFieldPath(path: FieldPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!plainWord.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

const step = /\.?([^.[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[([^\]]*)\]/y;

/** The inverse of formatFieldPath; brackets without quotes, as Kubernetes prints map keys, are read too. */
export function parseFieldPath(text: string): FieldPath {
  const path: (string | number)[] = [];
  step.lastIndex = 0;
  for (let match = step.exec(text); match !== null; match = step.exec(text)) {
    const [, word, index, quoted, bare] = match;
    if (index !== undefined) path.push(Number(index));
    else if (quoted !== undefined) path.push(JSON.parse(quoted) as string);
    else path.push(word ?? bare ?? "");
  }
  return path;
}
