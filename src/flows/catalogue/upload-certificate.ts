// Takes a certificate file for an instance: thumbprint, subject and expiry are read from it, then it is kept encrypted.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  CERTIFICATE_WARNING_DAYS,
  daysLeft,
  type Instance,
  lockInstance,
  saveCertificate,
  withCertificate,
} from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { instanceFacts } from './instance-facts.ts'

const MOST_BYTES = 100 * 1024

/** Answers the instance and, where the certificate expires soon, in how many days. */
export async function uploadCertificate(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'connectors'>,
  actor: Actor,
  input: { instanceId: InstanceId; pfx: Uint8Array; password: string },
): Promise<{ instance: Instance; expiresInDays: number | undefined }> {
  assertMay(actor, 'manage-setup')
  if (input.pfx.length > MOST_BYTES)
    throw new Refusal('instance/bad-certificate', 'This file is too large for a certificate file.')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockInstance(tx, input.instanceId)
    const connector = app.connectors.find((each) => each.code === before.connector)
    if (!connector)
      throw new Refusal('connector/not-found', 'There is no such connector.', { connector: before.connector })
    const instance = withCertificate(before, connector.readCertificate(input.pfx, input.password), at)
    await saveCertificate(tx, app.secrets, instance, input)
    await recordAudit(tx, {
      at,
      actor,
      action: 'instance/certificate-uploaded',
      subjectType: 'instance',
      subjectId: instance.id,
      before: instanceFacts(before),
      after: instanceFacts(instance),
    })
    const left = instance.certificate ? daysLeft(instance.certificate, at) : 0
    return { instance, expiresInDays: left <= CERTIFICATE_WARNING_DAYS ? left : undefined }
  })
}
