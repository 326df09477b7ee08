/**
 * The certificate that this waypoint shows to backends that ask for one. Its key is in no dump and no log: nothing but
 * createSecureContext reads it.
 */
export interface ClientIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Of both, by a hash: what may be compared and kept. */
  readonly fingerprint: string;
}
