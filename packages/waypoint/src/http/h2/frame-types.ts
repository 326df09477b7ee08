/** Numbers of the wire: frame types and flags (RFC 9113 6, 11.2), settings (6.5.2, RFC 8441 3), sizes and bounds. */

export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const Flag = {
  endStream: 0x1,
  ack: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const;

export const Setting = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
  enableConnectProtocol: 0x8,
} as const;

export const frameHeaderBytes = 9;
/** SETTINGS_MAX_FRAME_SIZE at first, and the least that anybody may set; what we accept. */
export const defaultMaxFrame = 16_384;
export const largestMaxFrame = 16_777_215;
/** Of both windows at first. */
export const defaultWindow = 65_535;
export const largestWindow = 0x7fff_ffff;
export const largestStreamId = 0x7fff_ffff;

/** What a client says first, before its SETTINGS (RFC 9113 3.4). */
export const preface: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
