/**
 * Named settings of a policy on the wire, read one name at a time. What was not read by the end is not known to this version, and is
 * refused with the whole policy (waystone.proto, Authentication): nothing of it is dropped unseen.
 */
import type { AuthenticationSettingResource } from "@waystone/api/resources";
import type { Problems } from "../route/problems.ts";

type Settings = readonly AuthenticationSettingResource[] | null | undefined;

export class SettingsReader {
  readonly #settings: readonly AuthenticationSettingResource[];
  readonly #place: string;
  readonly #problems: Problems;
  readonly #read = new Set<string>();

  constructor(settings: Settings, place: string, problems: Problems) {
    this.#settings = settings ?? [];
    this.#place = place;
    this.#problems = problems;
  }

  has(name: string): boolean {
    return this.#settings.some((each) => each.name === name);
  }

  /** Every value of the name, in order. */
  texts(name: string): readonly string[] {
    return this.#named(name).map((each) => {
      this.#leaf(each);
      return each.value ?? "";
    });
  }

  /** The one value of the name; undefined: there is none. */
  text(name: string): string | undefined {
    const found = this.texts(name);
    if (found.length > 1) this.problem(name, "is said twice");
    return found[0];
  }

  /** What is within each setting of the name, and its value. */
  each<T>(name: string, read: (inner: SettingsReader, value: string, place: string) => T): readonly T[] {
    return this.#named(name).map((each, index) => {
      const place = `${this.#path(name)}[${index}]`;
      const inner = new SettingsReader(each.settings, place, this.#problems);
      const value = read(inner, each.value ?? "", place);
      inner.end();
      return value;
    });
  }

  /** What is within the one setting of the name; undefined: there is none. */
  one<T>(name: string, read: (inner: SettingsReader) => T): T | undefined {
    const found = this.each(name, read);
    if (found.length > 1) this.problem(name, "is said twice");
    return found[0];
  }

  problem(name: string, message: string): void {
    this.#problems.add(this.#path(name), message);
  }

  /** All names that were not asked for are refused. */
  end(): void {
    for (const { name } of this.#settings) {
      if (!this.#read.has(name ?? "")) this.problem(name ?? "", "is not known to this version");
    }
  }

  #leaf({ name, settings }: AuthenticationSettingResource): void {
    if (settings && settings.length > 0) this.problem(name ?? "", "says more than this version knows");
  }

  #named(name: string): readonly AuthenticationSettingResource[] {
    this.#read.add(name);
    return this.#settings.filter((each) => each.name === name);
  }

  #path(name: string): string {
    return this.#place === "" ? name : `${this.#place}.${name}`;
  }
}
