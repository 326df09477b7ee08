import { expect, test } from "vitest";
import { portProblem } from "./port-problem.ts";

const port = {
  service: "shop/web",
  portName: "http",
  port: 80,
  address: "127.0.0.20",
  listenPort: 80,
  place: "127.0.0.20:80",
};

test.for([
  { code: "EACCES", why: "privileged port, needs CAP_NET_BIND_SERVICE or a port from 1024" },
  {
    code: "EADDRINUSE",
    why: "another process listens there (another waystone?); stop it, or give the Service another port (ss -ltnp 'sport = :80' shows who it is)",
  },
  {
    code: "EADDRNOTAVAIL",
    why: "this machine has no address 127.0.0.20; outside of a cluster use a clusterIP in 127.0.0.0/8",
  },
  { code: "EMFILE", why: "no file descriptors are left; raise the limit (ulimit -n)" },
  { code: "EIEIO", why: "EIEIO" },
])("$code is one line that says what, for whom, why and what to do", ({ code, why }) => {
  expect(portProblem(port, code).message).toBe(
    `cannot listen on 127.0.0.20:80 for Service shop/web port http: ${why}`,
  );
});

test("a port without a name is called by its number", () => {
  expect(portProblem({ ...port, portName: "" }, "x").message).toContain("Service shop/web port 80: x");
});
