/**
 * Follows the files of the -f arguments: every folder is watched by itself (events of files come with their name, so one
 * changed file costs one look), events that come together are one batch, and a batch that was slow to handle makes the next
 * one wait as long, so that a change of thousands of files is handled in few batches. In case events are lost (a full
 * queue, a network file system) everything is looked at now and then; where the system will watch no more folders, often.
 */
import { watch } from "node:fs";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import { SourceTree } from "./source-tree.ts";
import type { TreeFindings } from "./tree-parts.ts";

/** Writing a file takes several system calls: they should meet in one look. */
const settleMs = 1;
const longestSettleMs = 100;
const rescanMs = 30_000;
const pollMs = 1_000;

export interface WatchFilesOptions {
  readonly paths: readonly string[];
  /** Otherwise the files are listed once. */
  readonly watch: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFindings: (findings: TreeFindings) => void;
}

export interface WatchedFiles {
  /** All files there are, as of the opening. */
  readonly first: TreeFindings;
  close(): void;
}

export function watchFiles(options: WatchFilesOptions): WatchedFiles {
  return new FileWatch(options);
}

class FileWatch implements WatchedFiles {
  readonly first: TreeFindings;
  readonly #options: WatchFilesOptions;
  readonly #tree: SourceTree;
  #settling: Timer | undefined;
  #rescan: Timer | undefined;
  #lastTookMs = 0;
  #isPolling = false;

  constructor(options: WatchFilesOptions) {
    this.#options = options;
    const { paths, clock } = options;
    const watchFolder = options.watch ? this.#watchFolder.bind(this) : undefined;
    this.#tree = new SourceTree(paths, watchFolder, () => this.#schedule());
    this.first = this.#tree.open();
    if (options.watch && !this.#isPolling) this.#rescan = clock.every(rescanMs, () => this.#lookEverywhere());
  }

  close(): void {
    this.#settling?.cancel();
    this.#rescan?.cancel();
    this.#tree.close();
  }

  #watchFolder(folder: string, onEvent: (name: string | null) => void): () => void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => onEvent(name));
      // The folder is gone, which the folder above tells too.
      watcher.on("error", () => watcher.close());
      return () => watcher.close();
    } catch (error) {
      // A folder that is gone again needs no watch.
      if ((error as { code?: string }).code !== "ENOENT") this.#poll(folder, error);
      return () => undefined;
    }
  }

  #poll(folder: string, cause: unknown): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    const { clock, logger } = this.#options;
    const hint = "raise fs.inotify.max_user_watches for changes to be seen at once";
    logger.warn(
      { folder, cause: String(cause) },
      `files are looked at every second, as a folder cannot be watched: ${hint}`,
    );
    this.#rescan?.cancel();
    this.#rescan = clock.every(pollMs, () => this.#lookEverywhere());
  }

  #schedule(): void {
    if (this.#settling !== undefined) return;
    const delayMs = Math.max(settleMs, Math.min(this.#lastTookMs, longestSettleMs));
    this.#settling = this.#options.clock.after(delayMs, () => {
      this.#settling = undefined;
      this.#report(() => this.#tree.look());
    });
  }

  #lookEverywhere(): void {
    this.#report(() => this.#tree.rescan());
  }

  #report(look: () => TreeFindings): void {
    const { clock, onFindings } = this.#options;
    const start = clock.now();
    const findings = look();
    if (findings.changed.size + findings.missing.size + findings.problems.size > 0) onFindings(findings);
    this.#lastTookMs = clock.now() - start;
  }
}
