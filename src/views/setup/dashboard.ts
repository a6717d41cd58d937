// What the seller's people see first: what needs a hand, each leading to its list, and what today brought.
import { LOW_STOCK } from '#modules/assets'
import { CERTIFICATE_WARNING_DAYS } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { sellerZone } from '../lists/conditions.ts'
import { countQueue } from '../orders/list-order-queue.ts'

export type Dashboard = {
  /** Each leads to the queue that says why. */
  readonly ordersInHand: number
  readonly failedLicences: number
  readonly awaitingKeys: number
  /** With so few keys left that the seller is warned. */
  readonly lowPools: number
  /** Could not be set up, or have no price for their next term. */
  readonly troubledSubscriptions: number
  /** Renew within 30 days. */
  readonly renewalsSoon: number
  readonly cancellationRequests: number
  /** Submitted and not executed. */
  readonly waitingOrders: number
  readonly heldOrders: number
  readonly failedMails: number
  readonly expiringCertificates: number
  readonly ordersToday: number
  /** Where the seller is. */
  readonly today: Temporal.PlainDate
}

export async function viewDashboard(
  db: Database | Tx,
  actor: Actor,
  ask: { now: Temporal.Instant },
): Promise<Dashboard> {
  assertMay(actor, 'see-orders')
  const inAMonth = ask.now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 30 })
  const soon = ask.now.add({ hours: 24 * CERTIFICATE_WARNING_DAYS })
  return reading(
    db,
    sellerScope,
    (sql) => sql.one<Dashboard>`
    select
      (${countQueue(sql)}) as orders_in_hand,
      (select count(*)::int from asset where provisioning = 'failed' and state = 'active') as failed_licences,
      (select count(*)::int from asset where is_awaiting_key and state = 'active') as awaiting_keys,
      (select count(*)::int from plan join connector_instance instance on instance.id = plan.instance_id and instance.key_source = 'pool'
        where instance.state = 'active' and plan.vendor_state = 'active' and (select count(*) from (
          select from pool_key where plan_id = plan.id and transaction_id is null limit ${LOW_STOCK + 1}) free) <= ${LOW_STOCK}) as low_pools,
      (select count(*)::int from subscription where (state = 'ordered' and provisioning = 'failed')
        or (state = 'active' and renewal_problem is not null)) as troubled_subscriptions,
      (select count(*)::int from subscription where state = 'active' and auto_renew and ends_on < ${inAMonth}) as renewals_soon,
      (select count(*)::int from return_request where state = 'requested') as cancellation_requests,
      (select count(*)::int from sales_order where state = 'submitted' and held_because is null) as waiting_orders,
      (select count(*)::int from sales_order where state = 'submitted' and held_because is not null) as held_orders,
      (select count(*)::int from mail where state = 'failed') as failed_mails,
      (select count(*)::int from connector_instance where state = 'active' and certificate_not_after < ${soon}) as expiring_certificates,
      (select count(*)::int from sales_order where created_at >= day.begins and was_placed and state <> 'draft') as orders_today,
      (day.begins at time zone ${sellerZone(sql)})::date as today
    from (select date_trunc('day', ${ask.now}::timestamptz, ${sellerZone(sql)}) as begins) as day`,
  )
}
