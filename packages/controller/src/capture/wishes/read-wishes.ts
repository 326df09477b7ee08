/**
 * What the owner of a captured Service has asked for since, as the admission policy has written it on the front
 * (charts/waystone/templates/admission-policy.yaml is the writer, docs/admission-policy.md the description):
 *
 *   waystone.dev/wanted-selector      "app=web,tier=front"  the whole selector
 *                                     "+version=v2"         these on top of what it was
 *                                     "none"                no selector at all
 *   waystone.dev/wanted-target-ports  "80/TCP=http,81/TCP=8081,90/TCP=80/TCP"  the last: the same as 80/TCP has
 *
 * What does not parse is left out: people can write annotations too.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import type { Selector, TargetPort } from "../../model/front-marks.ts";
import { readLastApplied } from "./last-applied.ts";
import { isSameSelector } from "./same-selector.ts";

export type SelectorWish =
  | { readonly is: "whole"; readonly selector: Selector }
  | { readonly is: "on top"; readonly selector: Selector };

export type TargetPortWish =
  | { readonly is: "given"; readonly targetPort: TargetPort }
  /** The same as another port of the Service has: "80/TCP". */
  | { readonly is: "as"; readonly port: string };

export interface Wishes {
  readonly selector: SelectorWish | undefined;
  /** By `portKey`. */
  readonly targetPorts: ReadonlyMap<string, TargetPortWish>;
}

export function readWishes(front: Service): Wishes {
  const annotations = front.metadata.annotations ?? {};
  return {
    selector: wishedSelector(front, annotations[captureKeys.wantedSelector]),
    targetPorts: wishedTargetPorts(front, annotations[captureKeys.wantedTargetPorts] ?? ""),
  };
}

/**
 * An addition is the whole where kubectl last applied just that: its patch adds the keys of the manifest to what it finds,
 * and whoever adds a key by hand sends the same.
 */
function wishedSelector(front: Service, text: string | undefined): SelectorWish | undefined {
  const wish = parseSelector(text);
  if (wish?.is !== "on top") return wish;
  const applied = readLastApplied(front).selector;
  return applied !== undefined && isSameSelector(applied, wish.selector) ? { ...wish, is: "whole" } : wish;
}

function parseSelector(text: string | undefined): SelectorWish | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "none") return { is: "whole", selector: {} };
  const isAddition = text.startsWith("+");
  const selector = Object.fromEntries(parseEntries(isAddition ? text.slice(1) : text, selectorEntry));
  if (Object.keys(selector).length === 0) return undefined;
  return { is: isAddition ? "on top" : "whole", selector };
}

/** Whoever applies a manifest that was read from a captured Service does not ask for the waypoint's ports of that day. */
function wishedTargetPorts(front: Service, text: string): ReadonlyMap<string, TargetPortWish> {
  const { copiedPorts } = readLastApplied(front);
  const entries = parseEntries(text, targetPortEntry).map(
    ([key, value]) => [key, targetPortWish(value)] as const,
  );
  const isCopied = (key: string, wish: TargetPortWish): boolean =>
    wish.is === "given" && copiedPorts.get(key) === wish.targetPort;
  return new Map(entries.filter(([key, wish]) => !isCopied(key, wish)));
}

function targetPortWish(text: string): TargetPortWish {
  if (text.includes("/")) return { is: "as", port: text };
  return { is: "given", targetPort: /^[0-9]+$/.test(text) ? Number(text) : text };
}

/** A label's key and value as Kubernetes allows them. */
const selectorEntry =
  /^((?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)=([A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?|)$/;
/** A port and its protocol; a number, a name, or another port and its protocol. */
const targetPortEntry =
  /^([1-9][0-9]{0,4}\/(?:TCP|UDP|SCTP))=([1-9][0-9]{0,4}|[a-z0-9][-a-z0-9]{0,14}|[1-9][0-9]{0,4}\/(?:TCP|UDP|SCTP))$/;

function parseEntries(text: string, form: RegExp): readonly (readonly [string, string])[] {
  return text.split(",").flatMap((entry) => {
    const [, key, value] = form.exec(entry) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}
