import { expect, test } from "vitest";
import { describeRemedies, type Finding } from "./doctor.ts";

function missing(name: string, way: { debianPackage?: string; remedy?: string }): Finding {
  const check = (): Promise<string> => Promise.resolve("not found");
  return { problem: "not found", requirement: { name, neededTo: "run", check, ...way } };
}

test("all packages come with one command, each once; what no package brings has a line of its own", () => {
  const findings = [
    missing("nsenter", { debianPackage: "util-linux" }),
    missing("root", { remedy: "run as root" }),
    missing("unshare", { debianPackage: "util-linux" }),
    missing("runc", { debianPackage: "runc" }),
  ];
  expect(describeRemedies(findings)).toEqual([
    "apt-get install -y --no-install-recommends util-linux runc",
    "run as root",
  ]);
});

test("nothing missing, nothing to do", () => {
  expect(describeRemedies([])).toEqual([]);
});
