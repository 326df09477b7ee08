/** Who gets which server, by the name that he asks for in TLS; and that TLS is between the two of them alone. */
import assert from "node:assert/strict";
import path from "node:path";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { dialTcp, dialTls } from "../harness/line-client.ts";

const host = "127.20.0.90";
const port = 8443;

/** The server's first line, then one that is said back. */
async function greeting(servername: string): Promise<string> {
  const client = dialTls(host, port, servername);
  try {
    const first = await client.line();
    assert.equal(await client.say("and back"), "and back");
    return first;
  } finally {
    client.socket.destroy();
  }
}

const tlsPassthrough: Example = {
  name: "tls-passthrough",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "entry", host: "127.20.9.1", port: 9443, habit: "tls" },
    { name: "shop", host: "127.20.9.2", port: 9443, habit: "tls" },
    { name: "admin", host: "127.20.9.3", port: 9443, habit: "tls" },
  ],
  checks: [
    {
      rule: "a client gets the server whose name it asks for, and checks that server's own certificate",
      async holds() {
        assert.equal(await greeting("admin.shop.example"), "hello from admin");
      },
    },
    {
      rule: "a wildcard takes all other names below it, in whatever case",
      async holds() {
        assert.equal(await greeting("www.shop.example"), "hello from shop");
        assert.equal(await greeting("WWW.Shop.Example"), "hello from shop");
      },
    },
    {
      rule: "a name that no route takes is told so, in TLS's own words",
      async holds() {
        for (const name of ["other.example", "shop.example", ""]) {
          assert.match(await dialTls(host, port, name).ended(), /unrecognized name/, name);
        }
      },
    },
    {
      rule: "what is no TLS is closed, and no server hears of it",
      async holds({ backend }) {
        const count = (): number =>
          ["entry", "shop", "admin"].reduce((sum, name) => sum + backend(name).seen.length, 0);
        const before = count();
        const client = dialTcp(host, port);
        client.socket.write("GET / HTTP/1.1\r\nHost: admin.shop.example\r\n\r\n");
        assert.match(await client.ended(), /ECONNRESET|^$/);
        assert.equal(count(), before);
      },
    },
  ],
};

export default tlsPassthrough;

if (import.meta.main) await checkAndExit([tlsPassthrough]);
