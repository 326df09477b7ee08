import { expect, test } from "vitest";
import { parsePolicy } from "./debian-packages.ts";

test("the newest version that a repository has is taken, not one that is only installed", () => {
  const versions = parsePolicy(`libc6:
  Installed: 2.36-9+deb12u14
  Candidate: 2.36-9+deb12u14
  Version table:
 *** 2.36-9+deb12u14 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
     2.36-9+deb12u7 500
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
libstdc++6:
  Installed: 12.3.0-1
  Candidate: 12.3.0-1
  Version table:
 *** 12.3.0-1 100
        100 /var/lib/dpkg/status
     12.2.0-14+deb12u1 990
        990 https://deb.debian.org/debian bookworm/main amd64 Packages
`);
  expect([...versions]).toEqual([
    ["libc6", "2.36-9+deb12u14"],
    ["libstdc++6", "12.2.0-14+deb12u1"],
  ]);
});

test("a machine that has never asked a repository knows of none", () => {
  const text = `libc6:
  Installed: 2.36-9
  Candidate: 2.36-9
  Version table:
 *** 2.36-9 100
        100 /var/lib/dpkg/status
`;
  expect(parsePolicy(text).size).toBe(0);
});
