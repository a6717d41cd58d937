// Puts the pieces of one process together: the database, the connectors, the mail server, the clock.

import { microsoftEsd } from '#connectors/microsoft-esd'
import { partnerCenter } from '#connectors/partner-center'
import type { App } from '#flows/app.ts'
import { rowActions } from '#flows/lists/row-actions.ts'
import { invariant, Outage } from '#kernel/failure.ts'
import { systemNow } from '#kernel/time.ts'
import type { Config } from '#platform/config.ts'
import { type Database, openDatabase } from '#platform/db.ts'
import { openLog } from '#platform/log.ts'
import { type Mailer, openMailer } from '#platform/mail.ts'
import { openSecrets } from '#platform/secrets.ts'
import { bulkSource } from '#views/lists/bulk-source.ts'
import { exportSource } from '#views/lists/export-source.ts'

export type Composed = { readonly app: App & { readonly db: Database }; close(): Promise<void> }

/** Without a mail server mails wait in the queue, and the mail log says why. */
const noMailer: Mailer = {
  send: () => Promise.reject(new Outage('No mail server is set up (SMTP_URL or SMTP_HOST).')),
  verify: () => Promise.reject(new Outage('No mail server is set up (SMTP_URL or SMTP_HOST).')),
  close: () => {},
}

export async function compose(config: Config, name: string, connections = 10): Promise<Composed> {
  invariant(
    config.database && config.encryptionKey,
    'the parent says where the database is and which key opens it',
  )
  const db = openDatabase({ ...config.database, max: connections, applicationName: `emporion ${name}` })
  const mailer = config.smtp ? openMailer({ ...config.smtp, from: config.mailFrom }) : noMailer
  const vendors = { timeoutMs: config.vendorTimeoutMs, now: systemNow }
  const app = {
    db,
    now: systemNow,
    log: openLog({ level: config.logLevel, name }),
    secrets: openSecrets(config.encryptionKey),
    mailer,
    connectors: [microsoftEsd(vendors), partnerCenter(vendors)],
    exportSource,
    bulkSource,
    rowActions,
    settings: {
      publicUrl: config.publicUrl,
      vendorTimeoutMs: config.vendorTimeoutMs,
      vendorBackoffMs: config.vendorBackoffMs,
      settleWithinMinutes: config.settleWithinMinutes,
      webhooksMayBePrivate: config.webhooksMayBePrivate,
    },
  }
  return {
    app,
    async close() {
      mailer.close()
      await db.close()
    },
  }
}
