/** `waystone explain request`, from its words to its text: opens the world, asks, prints. */
import { errorMessage } from "@waystone/base/error-message";
import { readFile } from "node:fs/promises";
import { CliError } from "../cli-error.ts";
import type { ExplainRequestOptions } from "../commands/explain-request.ts";
import { renderYaml } from "../output/render-yaml.ts";
import { Asker, type Answer } from "./ask.ts";
import { parseHeader } from "./parse-header.ts";
import { renderExplanation } from "./render-explanation.ts";
import { openWorld } from "./open-world.ts";
import type { World } from "./world.ts";

export interface Explained {
  readonly text: string;
  /** Undefined: not all that it depends on could be read. */
  readonly isAllowed: boolean | undefined;
  /** For stderr. */
  readonly warnings: readonly string[];
}

export async function explainRequestCommand(options: ExplainRequestOptions): Promise<Explained> {
  const headers = [...options.header.map(parseHeader), ...(await tokenHeader(options.jwt))];
  const world = await openWorld(options, { names: [options.to], from: options.from });
  try {
    const { from, to, method, path, host, serverName } = options;
    const words = { from, to, method, path, host, headers, serverName };
    const answer = await new Asker(world).ask(words);
    return {
      text: render(world, options, answer),
      isAllowed: world.gaps.length > 0 ? undefined : answer.explanation.allowed,
      warnings: [...world.gaps, ...world.problems()],
    };
  } finally {
    world.close();
  }
}

async function tokenHeader(file: string | undefined): Promise<readonly (readonly [string, string])[]> {
  if (file === undefined) return [];
  try {
    const token = (await readFile(file, "utf8")).trim();
    if (token === "" || /\s/.test(token)) throw new Error("it does not hold one token");
    return [["authorization", `Bearer ${token}`]];
  } catch (error) {
    throw new CliError(`--jwt ${file}: ${errorMessage(error)}`);
  }
}

function render(world: World, options: ExplainRequestOptions, answer: Answer): string {
  const { explanation, asked, client } = answer;
  const { method = "GET", from, output } = options;
  // The step "request" has its query, without what nobody is to read.
  const [path = "/"] = (options.path ?? "/").split("?");
  if (output === "text") {
    const title = `${method} ${path} from ${from} to ${asked.service.key}:${asked.port.port}`;
    return renderExplanation(title, explanation, world.positionOf);
  }
  const { steps, ...more } = explanation;
  const document = {
    from: client.text,
    to: `${asked.service.key}:${asked.port.port}`,
    waypoint: asked.service.waypoint ?? null,
    method,
    path,
    ...more,
    steps: steps.map((step) => {
      const origin = step.object === "" ? undefined : world.positionOf(step.object, step.field);
      return {
        ...step,
        file: origin?.file ?? null,
        line: origin?.line ?? null,
        column: origin?.column ?? null,
      };
    }),
  };
  return output === "json" ? `${JSON.stringify(document, null, 2)}\n` : renderYaml(document);
}
