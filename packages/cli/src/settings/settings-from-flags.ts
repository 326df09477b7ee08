/**
 * The settings of a waypoint from what the user gave: flags over environment variables over defaults. Everything is checked
 * here, so that nothing behind it meets a value that makes no sense.
 */
import type { LogLevel } from "@waystone/base/logger";
import { suggest } from "@waystone/base/suggest";
import { defaultSettings, type WaypointSettings } from "@waystone/waypoint/settings";
import { CliError } from "../cli-error.ts";
import { parseSetting } from "./parse-setting.ts";
import { environmentName, settingPaths } from "./setting-rules.ts";

export interface SettingFlags {
  readonly accessLog: boolean;
  readonly logLevel: LogLevel;
  /** Each "path=value", in the order given: the last of a path wins. */
  readonly set: readonly string[];
  readonly allowLoopback: boolean;
  readonly forbiddenAddresses: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = Record<string, number | readonly string[]>;

export function settingsFromFlags(flags: SettingFlags, environment: Environment): WaypointSettings {
  const values = { ...valuesFromEnvironment(environment), ...valuesFromFlags(flags.set) };
  return {
    accessLog: flags.accessLog,
    logLevel: flags.logLevel,
    allowLoopback: flags.allowLoopback,
    forbiddenAddresses: flags.forbiddenAddresses,
    forbiddenHosts: defaultSettings.forbiddenHosts,
    limits: fill("limits", defaultSettings.limits, values),
    timeouts: fill("timeouts", defaultSettings.timeouts, values),
    pool: fill("pool", defaultSettings.pool, values),
    http2: fill("http2", defaultSettings.http2, values),
    overload: fill("overload", defaultSettings.overload, values),
    forwarding: fill("forwarding", defaultSettings.forwarding, values),
  };
}

function fill<T extends object>(group: string, defaults: T, values: Values): T {
  const given = Object.keys(defaults).flatMap((name) => {
    const value = values[`${group}.${name}`];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...defaults, ...Object.fromEntries(given) };
}

function valuesFromFlags(assignments: readonly string[]): Values {
  const values: Values = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals <= 0) {
      throw new CliError(
        `--set ${JSON.stringify(assignment)} is not path=value: write, for example, --set limits.headerBytes=64Ki`,
      );
    }
    const path = assignment.slice(0, equals);
    if (!settingPaths.includes(path)) throw new CliError(`--set: there is no setting ${path}${advice(path)}`);
    values[path] = parseSetting(path, assignment.slice(equals + 1), `--set ${path}`);
  }
  return values;
}

function valuesFromEnvironment(environment: Environment): Values {
  const values: Values = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!/^WAYSTONE_(LIMITS|TIMEOUTS|POOL|HTTP2|OVERLOAD|FORWARDING)_/.test(name) || text === undefined)
      continue;
    const path = settingPaths.find((each) => environmentName(each) === name);
    if (path === undefined) {
      const close = suggest(name, settingPaths.map(environmentName));
      throw new CliError(
        `environment variable ${name} is no setting` +
          (close === undefined ? "; docs/settings.md lists them all" : `; did you mean ${close}?`),
      );
    }
    values[path] = parseSetting(path, text, name);
  }
  return values;
}

function advice(path: string): string {
  // People leave the group out, or mistype one of the two parts.
  const byLeaf = settingPaths.find((each) => each.endsWith(`.${path}`));
  const close = byLeaf ?? suggest(path, settingPaths);
  return close === undefined ? "; docs/settings.md lists them all" : `; did you mean ${close}?`;
}
