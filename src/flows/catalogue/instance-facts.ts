import type { Instance } from '#modules/instances'

/** What the audit log keeps of an instance: settings and certificate facts, never the certificate. */
export function instanceFacts(instance: Instance): Record<string, unknown> {
  return {
    systemName: instance.systemName,
    keySource: instance.keySource,
    state: instance.state,
    ...instance.connection,
    ...instance.more,
    ...instance.market,
    certificateThumbprint: instance.certificate?.thumbprint ?? null,
    certificateNotAfter: instance.certificate?.notAfter.toString() ?? null,
  }
}
