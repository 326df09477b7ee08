/**
 * Secrets of every kind are planted, used well and badly, and looked for in all that a user, an operator or a log collector gets to see: logs at
 * level debug, access log, config dump, status, metrics, the last-good file, and what the commands print (design/0005-who-asks.md, "Secrets").
 */
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { describe, expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { type Form, forms, type RunningWaystone } from "../../examples/harness/forms.ts";
import { findPlanted, linesOfKey } from "./harness/find-planted.ts";
import { brokenText, planted, policiesText, secretsText, sloppyText } from "./harness/planted-secrets.ts";
import { type Scene, withScene } from "./harness/scene.ts";
import { showEach, shownAnswers, shownTokens } from "./harness/show-secrets.ts";
import { statusOf } from "./harness/status-of.ts";

async function allFiles(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((file) => path.join(file.parentPath, file.name));
  for (const file of files) expect((await stat(file)).mode & 0o077, file).toBe(0);
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n");
}

async function pagesOf(waystone: RunningWaystone): Promise<Record<string, string>> {
  const admins = new Set([waystone.statusAddress, waystone.metricsAddress, await waystone.waypoint.admin()]);
  const pages: Record<string, string> = {};
  for (const address of admins) {
    for (const page of ["/", "/config_dump", "/status", "/metrics", "/logging", "/healthz/ready"]) {
      pages[`${address}${page}`] = (await ask(`http://${address}${page}`)).body;
    }
  }
  return pages;
}

async function sayMore(waystone: RunningWaystone): Promise<void> {
  for (const address of new Set([waystone.statusAddress, await waystone.waypoint.admin()])) {
    expect((await ask(`http://${address}/logging?level=debug`, { method: "POST" })).status).toBe(200);
  }
}

/** What commands print that are given the secrets, or read the folder in which they are. */
async function outputs(scene: Scene, admin: string, tokenFile: string): Promise<string[]> {
  const request = ["explain", "request", "--from", "127.0.0.1", "--to", "web.shop", "-f", scene.folder];
  const commands = [
    [...request, "--jwt", tokenFile],
    [...request, "-o", "json", "--path", `/?token=${planted.wrongKey}`, "-H", `x-api-key: ${planted.apiKey}`],
    ["explain", "policy", "web.shop", "-f", scene.folder, "-o", "json"],
    ["status", "policies", "-A", "-o", "json", "--admin", admin],
  ];
  const run = async (args: readonly string[]): Promise<string> => {
    const command = scene.command(args);
    await command.exited;
    return `${command.stdout}\n${command.stderr}`;
  };
  return await Promise.all(commands.map(run));
}

async function findMessage(address: string, text: string): Promise<boolean> {
  return JSON.stringify(await statusOf(address)).includes(text);
}

async function play(scene: Scene, form: Form): Promise<void> {
  const authority = await openTestAuthority();
  const own = await authority.issue({ commonName: "waypoint", usage: "client" });
  const { tokens, signatures } = shownTokens();
  const secrets = { ...planted, ...linesOfKey("own", own.key), ...signatures };

  await scene.front();
  await scene.write("policies.yaml", policiesText);
  await scene.write("secrets.yaml", secretsText(own));
  const state = path.join(scene.folder, ".state");
  const waystone = await scene.start(form, "--state-dir", state, "--log-level", "debug");
  await sayMore(waystone);
  expect(await showEach(scene.url, tokens)).toEqual(shownAnswers);
  const tokenFile = await scene.write("token.jwt", tokens.token);
  const told = await outputs(scene, waystone.statusAddress, tokenFile);

  await scene.write("sloppy.yaml", sloppyText);
  await eventually(
    () => findMessage(waystone.statusAddress, "holds a private key"),
    "the status says what is wrong",
  );
  await scene.write("broken.yaml", brokenText);
  await waystone.controller.find(/broken\.yaml[\s\S]*wrong-types/, "the last of the broken files was read");
  const pages = await pagesOf(waystone);
  await waystone.stop();
  const places: Record<string, string> = {
    ...pages,
    commands: told.join("\n"),
    "the waypoint's log": waystone.waypoint.stderr,
    "the access log": waystone.waypoint.stdout,
    "the controller's log": waystone.controller.stderr,
    "the controller's output": waystone.controller.stdout,
    files: await allFiles(state),
  };
  const found = Object.keys(places).flatMap((place) =>
    findPlanted(places[place]!, secrets).map((name) => `${name} in ${place}`),
  );
  expect(found).toEqual([]);
  // What was looked through is what was meant.
  expect(places["the access log"]).toContain("token=...");
  expect(places["files"]).toContain("AuthenticationPolicy/shop/guard");
  expect(places["commands"]).toContain("guard");
}

describe.each(forms)("%s", (form) => {
  test(
    "a secret is in no log, dump, status, metric, saved file or output",
    () => withScene((scene) => play(scene, form)),
    60_000,
  );
});
