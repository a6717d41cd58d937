// A world that sells software: the emulator of Partner Center, an instance of it, a reseller and a customer it knows. Both clocks stand on
// a fixed day, so that what is worked out by hand stays true.
import { partnerCenter } from '#connectors/partner-center'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { allJobs } from '#flows/jobs.ts'
import { provisionSubscription } from '#flows/provisioning/provision-subscription.ts'
import {
  type AccountId,
  type InstanceId,
  newId,
  type PriceSheetId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import { loadSubscription, type Subscription } from '#modules/subscriptions'
import { system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { type AnyJob, enqueue, workToRest } from '#platform/jobs.ts'
import { insertSoftwareOrder, type SoftwareOrder } from './software-order.ts'
import { startEmulator, startWorld, type World } from './world.ts'

export type SoftwareLine = Omit<SoftwareOrder, 'instanceId' | 'billingToId' | 'endCustomerId'>

export type SheetRow = {
  readonly sku: string
  readonly retail: string
  readonly cost: string
  readonly validFrom?: string
  readonly validTo?: string
}

export type SoftwareWorld = {
  readonly world: World
  readonly app: World['app']
  readonly instanceId: InstanceId
  readonly resellerId: AccountId
  readonly customerId: AccountId
  /** Asks the emulator's control interface. */
  tell(method: string, where: string, body?: object): Promise<any>
  /** Does what is due, until nothing is; a run that fails is taken up again, as the queue does by itself. */
  run(): Promise<void>
  /** Lets every clock go on to a moment, and does nothing. */
  until(moment: string): Promise<void>
  /** As if the cron of these jobs came by. */
  cron(...jobs: AnyJob[]): Promise<void>
  order(line: SoftwareLine): Promise<SubscriptionId>
  /** Orders and waits until the vendor has delivered or said no. */
  bought(line: SoftwareLine): Promise<Subscription>
  load(id: SubscriptionId): Promise<Subscription>
  /** Takes the place of the German sheet in force. */
  sheet(rows: readonly SheetRow[]): Promise<void>
  close(): Promise<void>
}

const maker = system('test')

export async function openSoftwareWorld(start: string): Promise<SoftwareWorld> {
  const world = await startWorld()
  const emulator = await startEmulator<{ service: Record<string, string>; control: string }>(
    'partner-center',
    { PC_PORT: '0', PC_CONTROL_PORT: '0', PC_DATA: `${world.config.dataDir}/pc` },
  )
  const tell: SoftwareWorld['tell'] = async (method, where, body) => {
    const answer = await fetch(`${emulator.addresses.control}${where}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return answer.json()
  }
  const app = {
    ...world.app,
    connectors: [
      ...world.app.connectors.filter(({ code }) => code !== 'partner-center'),
      partnerCenter({ timeoutMs: world.config.vendorTimeoutMs, now: world.app.now }),
    ],
  }
  const until = async (moment: string) => {
    const by = world.app.now().until(Temporal.Instant.from(moment)).total('milliseconds')
    world.advance({ milliseconds: Math.round(by) })
    await tell('POST', '/clock', { now: world.app.now().toString() })
  }
  await tell('POST', '/settings', { provisioningSeconds: 0 })
  await until(start)
  const run = async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const isDone = await workToRest(app, world.app.db, allJobs, app.now).then(
        () => true,
        () => false,
      )
      if (isDone) return
      await world.app.db.pool.unsafe(
        `update pgboss.job set state = 'retry', retry_count = retry_count + 1, start_after = now() where state = 'active'`,
      )
    }
    throw new Error('a job fails again and again')
  }
  const instanceId = await makeInstance(app, tell, emulator.addresses.service)
  const find = (name: string) =>
    reading(
      app.db,
      sellerScope,
      async (sql) => (await sql.one<{ id: AccountId }>`select id from account where name = ${name}`).id,
    )
  const resellerId = await find('Brightside IT GmbH')
  const customerId = await find('Birchlane Architekten GmbH')
  for (const [accountId, values] of [
    [resellerId, { partnerId: '6012345', domain: 'brightside-it.onmicrosoft.com', agreement: '2026-11-20' }],
    [customerId, { domain: 'birchlane-emporion.onmicrosoft.com', agreement: '2026-11-20' }],
  ] as const) {
    await saveSyncOptions(app, maker, { accountId, connector: 'partner-center', values })
    await synchronizeWithConnector(app, maker, { accountId, connector: 'partner-center' })
  }
  await run()
  const load = (id: SubscriptionId) => reading(app.db, sellerScope, (sql) => loadSubscription(sql, id))
  const order = async (line: SoftwareLine) => {
    const id = await insertSoftwareOrder(app, {
      ...line,
      instanceId,
      billingToId: resellerId,
      endCustomerId: customerId,
    })
    await transaction(app.db, sellerScope, (tx) =>
      enqueue(tx, provisionSubscription, [{ subscriptionId: id }]),
    )
    return id
  }
  return {
    world,
    app,
    instanceId,
    resellerId,
    customerId,
    tell,
    run,
    until,
    async cron(...jobs) {
      for (const job of jobs) {
        await transaction(app.db, sellerScope, (tx) => enqueue(tx, job, [{}]))
        await run()
      }
    },
    order,
    async bought(line) {
      const id = await order(line)
      for (let turn = 0; turn < 30; turn += 1) {
        await run()
        const found = await load(id)
        if (found.state !== 'ordered' || found.provisioning === 'failed') break
        await until(app.now().add({ seconds: 70 }).toString())
      }
      await run()
      return load(id)
    },
    load,
    sheet: (rows) => activateSheet(app, rows),
    async close() {
      emulator.process.kill('SIGKILL')
      await world.close()
    },
  }
}

async function makeInstance(
  app: World['app'],
  tell: SoftwareWorld['tell'],
  service: Record<string, string>,
): Promise<InstanceId> {
  const access = await tell('GET', '/access')
  const instance = await saveInstance(app, maker, {
    id: undefined,
    connector: 'partner-center',
    keySource: 'vendor',
    systemName: 'Partner Center under test',
    connection: {
      serviceUrl: service['commerce'] ?? '',
      resourceApi: 'https://api.partnercenter.microsoft.com',
      authorityUrl: service['login'] ?? '',
      tenant: access.tenantId,
      channelId: '',
      clientId: access.clientId,
    },
    more: {
      pricingUrl: service['pricing'] ?? '',
      pricingAudience: 'https://api.partner.microsoft.com',
      costTolerancePercent: '1',
    },
    secrets: { clientSecret: access.clientSecret, refreshToken: access.refreshToken },
    market: { country: 'DE', language: 'en-US', currency: 'EUR' },
  })
  await activateInstance(app, maker, { instanceId: instance.id })
  return instance.id
}

async function activateSheet(app: World['app'], rows: readonly SheetRow[]): Promise<void> {
  const id = newId<PriceSheetId>()
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    await tx.run`update price_sheet set state = 'superseded' where market = 'DE' and view = 'software' and state = 'active'`
    await tx.run`
      insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
      values (${id}, 'DE', 'software', '2030-03', 'de.csv', 'upload', 'active', ${Buffer.from(id)}, 1, 'test', ${at})`
    for (const [index, row] of rows.entries()) {
      const [productCode = '', skuCode = '', segment = '', term = '', billingPlan = ''] = row.sku.split(':')
      await tx.run`
        insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
          valid_from, valid_to, product_title, sku_title, description, publisher, tags)
        values (${id}, ${index + 2}, ${productCode}, ${skuCode}, ${segment}, ${term}, ${billingPlan}, 'EUR', ${row.cost}, ${row.retail},
          ${row.validFrom ?? null}, ${row.validTo ?? null}, 'Server', 'Standard', '', '', '')`
    }
  })
}
