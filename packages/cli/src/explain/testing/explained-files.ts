/** For tests of `waystone explain`: a folder with a captured Service, two pods and what a test writes beside them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { ExplainRequestOptions } from "../../commands/explain-request.ts";
import { type Explained, explainRequestCommand } from "../explain-request-command.ts";

const base = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.9, selector: {app: api}, ports: [{name: http, port: 80, appProtocol: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: store}
spec: {clusterIP: 10.0.0.10, selector: {app: db}, ports: [{port: 5432, name: a}, {port: 5433, name: b}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: shop, labels: {app: api}}
spec: {serviceAccountName: api, containers: [{name: api}]}
status: {phase: Running, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: web}]}
status: {phase: Running, podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}]}
`;
export interface ExplainedFiles {
  readonly folder: () => string;
  readonly write: (name: string, text: string) => void;
  readonly explain: (words: Partial<ExplainRequestOptions>) => Promise<Explained>;
  /** Without the folder's name. */
  readonly lines: (explained: Explained) => readonly string[];
}

export function useExplainedFiles(): ExplainedFiles {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "waystone-explain-"));
    writeFileSync(path.join(folder, "base.yaml"), base);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return {
    folder: () => folder,
    write: (name, text) => writeFileSync(path.join(folder, name), text),
    async explain(words) {
      const asked = { from: "shop/web-1", to: "api.shop", header: [], output: "text", ...words } as const;
      return await explainRequestCommand({ ...asked, filename: [folder] });
    },
    lines: ({ text }) => text.replaceAll(`${folder}/`, "").trimEnd().split("\n"),
  };
}
