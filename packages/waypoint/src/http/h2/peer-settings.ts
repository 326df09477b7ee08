/** The peer's SETTINGS (RFC 9113 6.5, RFC 8441 3): which of them matter to us, and what values they may have. */
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import { defaultMaxFrame, largestMaxFrame, largestWindow, Setting } from "./frame-types.ts";

export interface SettingsSink {
  onHeaderTableSize(size: number): void;
  onMaxConcurrentStreams(count: number): void;
  onInitialWindowSize(size: number): void;
  onMaxFrameSize(size: number): void;
  onEnablePush(value: number): void;
  onEnableConnectProtocol(value: number): void;
}

/**
 * There are seven that anybody knows. Each may change the window of every stream, and a frame has room for 2,730 of them
 * (CVE-2020-11080, whose limit this is).
 */
const settingsPerFrame = 32;

/** Hands the settings in bytes[start, end) on, one after another in their order. Unknown ones are ignored. */
export function parseSettings(bytes: Buffer, start: number, end: number, sink: SettingsSink): void {
  if ((end - start) % 6 !== 0)
    throw new ConnectionError(ErrorCode.frameSizeError, "SETTINGS of a wrong length");
  if (end - start > 6 * settingsPerFrame)
    throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many settings in one frame");
  for (let at = start; at < end; at += 6) {
    const value = bytes.readUInt32BE(at + 2);
    switch (bytes.readUInt16BE(at)) {
      case Setting.headerTableSize:
        sink.onHeaderTableSize(value);
        break;
      case Setting.enablePush:
        if (value > 1) throw new ConnectionError(ErrorCode.protocolError, "ENABLE_PUSH is neither 0 nor 1");
        sink.onEnablePush(value);
        break;
      case Setting.maxConcurrentStreams:
        sink.onMaxConcurrentStreams(value);
        break;
      case Setting.initialWindowSize:
        if (value > largestWindow) {
          throw new ConnectionError(ErrorCode.flowControlError, "an initial window beyond its largest");
        }
        sink.onInitialWindowSize(value);
        break;
      case Setting.maxFrameSize:
        if (value < defaultMaxFrame || value > largestMaxFrame) {
          throw new ConnectionError(ErrorCode.protocolError, "MAX_FRAME_SIZE out of its range");
        }
        sink.onMaxFrameSize(value);
        break;
      case Setting.enableConnectProtocol:
        sink.onEnableConnectProtocol(value);
        break;
      default:
        break;
    }
  }
}
