// Microsoft ESD: perpetual licences by electronic delivery. Microsoft's own format is not public; this speaks the ESD gateway
// protocol v1, our contract, behind the port of assets/licence-vendor.ts.
import { Refusal } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { SyncOption } from '#modules/accounts'
import type { LicenceVendor } from '#modules/assets'
import type { VendorConnector } from '#modules/instances'
import { readIdentity } from './certificate.ts'
import { fields } from './fields.ts'
import { syncOptions } from './sync-options.ts'
import { vendorOf } from './vendor.ts'

export function microsoftEsd(options: {
  timeoutMs: number
  now: Now
}): VendorConnector<LicenceVendor, SyncOption> & { readonly sells: 'licences' } {
  return {
    sells: 'licences',
    code: 'microsoft-esd',
    name: 'Microsoft ESD',
    fields,
    needsCertificate: true,
    syncOptions,
    open(settings) {
      if (!settings.certificate)
        throw new Refusal('instance/incomplete', 'No certificate has been uploaded for this instance.')
      return vendorOf(
        settings,
        readIdentity(settings.certificate.pfx, settings.certificate.password),
        options,
      )
    },
    readCertificate: (pfx, password) => readIdentity(pfx, password).facts,
  }
}
