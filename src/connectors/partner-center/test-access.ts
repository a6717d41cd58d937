// "Test connection": a token of each kind for each address, and a call with each that changes nothing.
import type { Api } from './api.ts'
import { reasonOf } from './reasons.ts'
import * as wire from './wire.ts'

export async function testAccess(api: Api): Promise<{ ok: true } | { ok: false; reason: string }> {
  const listed = await api.call({
    method: 'GET',
    path: '/customers?size=1',
    answer: wire.collection(wire.Customer),
  })
  if ('refused' in listed) return { ok: false, reason: `Commerce API: ${reasonOf(listed.refused).reason}` }
  const agreements = await api.call({
    method: 'GET',
    path: '/agreements?agreementType=MicrosoftCustomerAgreement',
    as: 'app and user',
    answer: wire.collection(wire.AgreementTemplate),
  })
  if ('refused' in agreements)
    return { ok: false, reason: `Agreements: ${reasonOf(agreements.refused).reason}` }
  await api.session.token('app and user', api.settings.more['pricingAudience'] ?? '')
  return { ok: true }
}
