/** One setting's value as text, turned into what the settings hold. Throws a CliError that says what would be right. */
import { errorMessage } from "@waystone/base/error-message";
import { parseCidr } from "@waystone/base/cidr";
import { parseDuration } from "@waystone/base/duration";
import { CliError } from "../cli-error.ts";
import { type SettingRule, settingRules } from "./setting-rules.ts";

const unitBytes: Readonly<Record<string, number>> = { "": 1, Ki: 1024, Mi: 1024 * 1024 };

/** `origin` is how the user named it: "--set limits.headerBytes" or "WAYSTONE_LIMITS_HEADER_BYTES". */
export function parseSetting(path: string, text: string, origin: string): number | readonly string[] {
  const rule = settingRules[path];
  if (rule === undefined) throw new CliError(`${origin}: there is no setting ${path}`);
  if (rule.kind === "cidrs") return parseCidrs(text, origin, rule.most);
  const value = parseAmount(rule, text, origin);
  const isOff = value === 0 && rule.zero !== undefined;
  if (!isOff && (value < rule.least || value > rule.most)) {
    const orZero = rule.zero === undefined || rule.least === 0 ? "" : `, or 0 (${rule.zero})`;
    throw new CliError(
      `${origin}: ${JSON.stringify(text)} is out of range: expected ${rule.least} to ${rule.most}${orZero}`,
    );
  }
  return value;
}

function parseAmount({ kind }: SettingRule, text: string, origin: string): number {
  if (kind === "time" && !/^[0-9]+$/.test(text)) return parseTime(text, origin);
  const match = /^([0-9]{1,12})(Ki|Mi)?$/.exec(text);
  const unit = match?.[2] ?? "";
  if (match === null || (unit !== "" && kind !== "bytes")) {
    throw new CliError(`${origin}: ${JSON.stringify(text)} is not ${expected[kind]}`);
  }
  return Number(match[1]) * (unitBytes[unit] ?? 1);
}

const expected: Readonly<Record<Exclude<SettingRule["kind"], "cidrs">, string>> & { cidrs?: never } = {
  bytes: 'a size: write a whole number of bytes, such as "65536" or "64Ki"',
  count: "a whole number",
  time: 'a time: write milliseconds, such as "10000", or a duration, such as "10s"',
};

function parseTime(text: string, origin: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new CliError(`${origin}: ${errorMessage(error)}`);
  }
}

function parseCidrs(text: string, origin: string, most: number): readonly string[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  for (const part of parts) {
    if (parseCidr(part) === undefined) {
      throw new CliError(
        `${origin}: ${JSON.stringify(part)} is no address or block of addresses; write them as ` +
          `"10.0.0.0/8,192.0.2.7", separated by commas`,
      );
    }
  }
  if (parts.length > most)
    throw new CliError(`${origin}: ${parts.length} blocks are too many: at most ${most}`);
  return parts;
}
