// A company of any size in a database, made by SQL: resellers and their customers, orders with licences and subscriptions, invoices
// with their lines, mails and jobs, spread over a year. For tests and benchmarks of lists: the records are plausible, and nothing
// but lists should be asked of them. Every id is made of its kind and its number, so that no statement has to look another's up.
import type { Database } from '#platform/db.ts'

export type Sizes = {
  readonly resellers: number
  readonly customers: number
  readonly subscriptions: number
  readonly invoiceLines: number
}

/** What they make: two subscriptions an order, two licences to every five subscriptions, four lines an invoice. */
export function countsOf({ resellers, customers, subscriptions, invoiceLines }: Sizes) {
  const softwareOrders = Math.ceil(subscriptions / 2)
  const assets = Math.ceil(subscriptions * 0.4)
  const licenceOrders = Math.ceil(assets / 2)
  return {
    accounts: resellers + customers,
    softwareOrders,
    licenceOrders,
    orders: softwareOrders + licenceOrders,
    assets,
    subscriptions,
    invoices: Math.ceil(invoiceLines / 4),
    invoiceLines,
    mails: Math.ceil(subscriptions / 2),
    jobs: Math.ceil(subscriptions / 5),
  }
}

const filled = [
  'account',
  'sales_order',
  'order_item',
  'asset',
  'return_request',
  'subscription',
  'invoice',
  'invoice_line',
  'receivable',
  'payment',
  'account_contact',
  'mail',
  'app_user',
  'sync_options',
  'api_key',
  'audit_entry',
]

export async function fillLists(
  db: Database,
  sizes: Sizes,
  log: (what: string) => void = () => {},
): Promise<void> {
  const count = countsOf(sizes)
  const session = await db.pool.reserve()
  const step = async (what: string, sql: string) => {
    const beganAt = performance.now()
    await session.unsafe(sql)
    log(`${what}: ${((performance.now() - beganAt) / 1000).toFixed(1)} s`)
  }
  try {
    // The rows are right by themselves: foreign keys and triggers would only ask each of five million lines for it again.
    await session.unsafe(`
      set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'; set work_mem = '64MB';
      set jit = off`)
    const indexes = await session.unsafe<{ name: string; definition: string }[]>(`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid = any ('{${filled.join()}}'::regclass[]) and not exists (select 1 from pg_constraint where conindid = indexrelid)`)
    for (const { name } of indexes) await session.unsafe(`drop index ${name}`)
    await session.unsafe(functions)
    await step('companies', companies(sizes))
    await step('people', people(sizes))
    await step('products', products)
    await step('orders', orders(sizes))
    await step('order items', orderItems(sizes))
    await step('licences', assets(sizes))
    await step('wishes to cancel', wishes(sizes))
    await step('subscriptions', subscriptions(sizes))
    await step('invoices', invoices(sizes))
    await step('receivables', receivables)
    await step('payments', payments)
    await step('invoice lines', invoiceLines(sizes))
    await step('contacts', contacts(sizes))
    await step('key addresses', keyAddresses(sizes))
    await step('mails', mails(sizes))
    await step('jobs', jobs(sizes))
    await step('audit log', auditLog)
    await step('indexes', indexes.map(({ definition }) => definition).join(';'))
    await session.unsafe('drop function filled_id, filled_at, filled_share')
    await session.unsafe('reset all')
    await step(
      'statistics',
      `vacuum analyze ${[...filled, 'product', 'plan', 'price_sheet_row', 'pgboss.job'].join()}`.replace(
        'vacuum ',
        '',
      ),
    )
    log(`${count.orders} orders, ${count.assets} licences, ${count.invoices} invoices, ${count.mails} mails`)
  } finally {
    session.release()
  }
}

/** By which the records name each other: the kind, then the number, so that they sort as they were made. */
const kinds = {
  account: 1,
  product: 2,
  plan: 3,
  instance: 4,
  user: 5,
  order: 6,
  item: 7,
  asset: 8,
  subscription: 9,
  invoice: 10,
  line: 11,
  mail: 12,
  key: 13,
  group: 14,
  entry: 15,
  contact: 16,
  wish: 17,
  sheet: 18,
  payment: 19,
} as const

const id = (kind: keyof typeof kinds, n: string) => `filled_id(${kinds[kind]}, (${n})::bigint)`

const functions = `
  create function filled_id(kind int, n bigint) returns uuid language sql immutable parallel safe as
    $$ select ('01930000-' || lpad(to_hex(kind), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
  -- The nth of so many moments of a year.
  create function filled_at(n bigint, count bigint) returns timestamptz language sql stable parallel safe as
    $$ select timestamptz '2025-12-01 08:00Z' + n * (interval '350 days' / count) $$;
  -- A share between 0 and 1 that looks like chance and is the same every time; small ones are frequent.
  create function filled_share(n bigint) returns float language sql immutable parallel safe as
    $$ select power((n * 7919 % 999983)::float8 / 999983, 1.5) $$`

const words = (list: string, n: string) => {
  const all = list.split(' ')
  return `(array['${all.join("','")}'])[1 + ((${n}) % ${all.length})::int]`
}
const first =
  'Albrecht Bauer Čapek Dietrich Engel Fischer Gruber Huber Iversen Jansen Keller Lindner Meyer Nielsen Olsen Peters Quandt Richter Schmidt Tanner Ullrich Vogel Weber Xander Young Zimmer Bernardi Costa Dubois Eriksson Fontaine Gallo Holm Ivanov Jørgensen Kowalski Lefèvre Moreau Novak Østergaard'
const second =
  'Logistik Maschinenbau Consulting Architekten Elektro Immobilien Catering Software Holz Metall Medien Transport Energie Pharma Textil Werkzeuge Kliniken Schulen Hotels Druck'
const third = 'GmbH AG KG SE Ltd SAS AB ApS Oy BV'

const companies = ({ resellers, customers }: Sizes) => `
  insert into account (id, number, kind, parent_id, state, name, contact_first_name, contact_last_name, email, phone, address_line1, city,
    postal_code, country, vat_number, currency, created_at, updated_at)
  select ${id('account', 'n')}, 'ACC-' || 500000 + n, case when n <= ${resellers} then 'reseller' else 'customer' end,
    case when n > ${resellers} and n % 20 > 0 then ${id('account', `1 + (filled_share(n) * ${resellers - 1})::bigint`)} end,
    case when n % 200 = 7 then 'blocked' else 'active' end,
    ${words(first, 'n * 13 / 7')} || ' ' || ${words(second, 'n / 3')} || ' ' || n || ' ' || ${words(third, 'n * n % 97')},
    'Ann', ${words(first, 'n * 5 + 3')}, 'office' || n || '@' || lower(${words(second, 'n / 3')}) || n % 977 || '.example', '', 'Street ' || n % 90,
    ${words('Berlin Wien Zürich Paris Lyon Milano Oslo Stockholm København Helsinki Amsterdam Praha Warszawa Madrid Lisboa', 'n % 101')},
    10000 + n % 80000, ${words('DE AT CH FR IT NO SE DK FI NL CZ PL ES PT', 'n % 53')}, case when n % 3 = 0 then 'DE' || 100000000 + n - case when n % 300 = 0 then 3 else 0 end end,
    ${words('EUR EUR EUR CHF NOK SEK', 'n % 41')},
    filled_at(n, ${resellers + customers}), now()
  from generate_series(1::bigint, ${resellers + customers}) n;
  -- As the trigger would have.
  insert into account_twin (kind, key)
  select 'vat', vat_number from account where vat_number is not null group by vat_number having count(*) > 1
  union all select 'email', lower(email) from account group by lower(email) having count(*) > 1
  union all select 'domain', email_domain_key(email) from account group by email_domain_key(email) having count(*) > 1`

const products = `
  insert into connector_instance (id, connector, key_source, system_name, state, country, language, currency, created_at, updated_at)
  values (${id('instance', '1')}, 'microsoft-esd', 'pool', 'Filled', 'active', 'DE', 'de-DE', 'EUR', now(), now());
  insert into app_user (id, account_id, email, name, created_at)
  values (${id('user', '1')}, ${id('account', '1')}, 'filled@reseller.example', 'Filled', now());
  insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
  select ${id('product', 'n')}, case when n <= 40 then 'esd' else 'subscription' end, 'microsoft-esd', 'FILL' || n,
    ${words('Office Windows Project Visio Exchange SharePoint SQL Server Teams Intune', 'n')} || ' ' || ${words('Standard Professional Business Enterprise Premium', 'n / 7')} || ' ' || n,
    n % 5 > 0, filled_at(n, 400), filled_at(n, 400) + interval '3 days' from generate_series(1::bigint, 400) n;
  update product set is_featured = true, position = 1 where is_published and code like '%1';
  update product set kind = 'perpetual' where code like 'FILL3_9';
  insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
  select ${id('plan', 'n')}, ${id('product', 'n')}, ${id('instance', '1')}, 'FILL-' || n, 'Filled', 'de-DE', 'DE', 'TokenAndLink', true, now(), now()
  from generate_series(1::bigint, 400) n;
  insert into plan_price (plan_id, currency, unit_price, updated_at)
  select ${id('plan', 'n')}, currency, n, now() from generate_series(1::bigint, 40) n cross join unnest(array['EUR', 'CHF']) currency where n % 7 > 0;
  update plan set vendor_state = 'discontinued' where sku like '%33';
  insert into plan (id, product_id, instance_id, sku, product_code, sku_code, segment, term, billing_plan, vendor_name, is_returnable, created_at,
    updated_at)
  select ${id('plan', '1000 + n')}, ${id('product', 'n')}, ${id('instance', '1')}, 'FILL' || n || ':0001:commercial:P1Y:annual', 'FILL' || n, '0001',
    'commercial', 'P1Y', 'annual', 'Filled', false, now(), now() from generate_series(41::bigint, 400) n where n % 100 <> 33;
  insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
  select ${id('sheet', 'n')}, chr(64 + 1 + n / 26) || chr(65 + n % 26), 'software', '2026-11', 'filled.csv', 'upload', 'active', '\\x00', 1, 'Filled', now()
  from generate_series(0, 51) n;
  insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, product_title,
    sku_title, description, publisher, tags)
  select sheet.id, n, 'FILL' || n, '0001', 'commercial', 'P1Y', 'annual', case when sheet.market < 'B' then 'EUR' else 'USD' end, n, n + 1, 'Filled',
    'Filled', '', 'Microsoft Corporation', '' from price_sheet sheet cross join generate_series(41, 400) n
  where sheet.file_name = 'filled.csv' and n % 8 > 0;
  insert into product_group (id, name, summary, is_published, is_featured, position, created_at, updated_at)
  select ${id('group', 'n')}, ${words('Office Windows Project Visio Exchange SharePoint SQL Server Teams Intune', 'n')} || ' group ' || n,
    'For ' || n || ' kinds of work', n % 3 > 0, n % 9 = 1, n % 7, filled_at(n, 200), now() from generate_series(1::bigint, 200) n;
  insert into product_group_member (group_id, plan_id, position)
  select ${id('group', 'n')}, ${id('plan', '1 + (n * 7 + place) % 400')}, place
  from generate_series(1::bigint, 200) n cross join generate_series(1, 6) place`

/** Whose the nth order is: its end customer, and who pays: the reseller of that customer, or itself. */
const customerOf = ({ resellers, customers }: Sizes, n: string) =>
  `${resellers} + 1 + (filled_share(${n}) * ${customers - 1})::bigint`

const orders = (sizes: Sizes) => {
  const { orders: count, softwareOrders, licenceOrders } = countsOf(sizes)
  // Software and licences are ordered all year, side by side.
  const placed = `case when n <= ${softwareOrders} then filled_at(n, ${softwareOrders}) else filled_at(n - ${softwareOrders}, ${licenceOrders}) end`
  return `
  insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, reference, net_minor, tax_minor,
    total_minor, held_because, created_at, executed_at, cancelled_at)
  select ${id('order', 'n')}, 'SO-' || 500000 + n, stands, case when n % 10 < 7 then 'storefront' when n % 10 < 9 then 'backoffice' else 'api' end,
    coalesce(customer.parent_id, customer.id), customer.id, ${id('user', '1')}, customer.currency,
    case when n % 3 = 0 then 'PO-' || n * 7 % 100000 else '' end, n * 31 % 900000, n * 31 % 900000 / 5, n * 31 % 900000 + n * 31 % 900000 / 5,
    case when stands = 'submitted' and n % 4 = 0 then 'The credit limit is exceeded.' end, ${placed},
    case when stands = 'executed' then ${placed} end, case when stands = 'cancelled' then ${placed} end
  from generate_series(1::bigint, ${count}) n
  cross join lateral (select case when n % 997 = 4 then 'submitted' when n % 61 = 0 then 'cancelled' else 'executed' end as stands) as standing
  join account customer on customer.id = ${id('account', customerOf(sizes, 'n'))}`
}

/** Software orders come first, then those of licences; two items each. */
const orderItems = (sizes: Sizes) => {
  const count = countsOf(sizes)
  return `
  insert into order_item (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, net_minor, tax_minor,
    tax_basis_points, tax_category, explanation, is_for_resale)
  select ${id('item', 'n')}, ${id('order', '(n + 1) / 2')}, 1 + n % 2, ${id('plan', `${planOf(sizes)}`)}, ${id('product', `${planOf(sizes)}`)},
    ${id('instance', '1')}, 'Filled', 'FILL', 1, 100, 10000, 1900, 1900, 'S', '{}', true
  from generate_series(1::bigint, ${2 * count.orders}) n`
}

const planOf = (sizes: Sizes) =>
  `case when n <= ${2 * countsOf(sizes).softwareOrders} then 41 + n % 360 else 1 + n % 40 end`

const assets = (sizes: Sizes) => {
  const count = countsOf(sizes)
  const item = `${2 * count.softwareOrders} + n`
  return `
  insert into asset (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, name, sku, currency,
    price_minor, purchased_at, state, provisioning, is_awaiting_key, failure_reason, transaction_id, key_cipher, key_mask, key_print,
    is_returnable, token_status, cancelled_at)
  select ${id('asset', 'n')}, 'LIC-' || 500000 + n, sales_order.id, ${id('item', item)}, sales_order.billing_to_id, sales_order.end_customer_id,
    product.id, ${id('plan', '1 + n % 40')}, ${id('instance', '1')}, product.name, 'FILL-' || 1 + n % 40, sales_order.currency, n * 17 % 50000,
    sales_order.created_at, case when n % 43 = 0 then 'cancelled' else 'active' end,
    case when is_delivered then 'synchronized' when n % 1000 = 1 then 'failed' else 'unsynchronised' end, n % 2000 = 3,
    case when n % 1000 = 1 then 'The vendor refused: the product is not sold in this country.' end, ${id('asset', 'n + 1000000000')},
    case when is_delivered then '\\x00'::bytea end,
    case when is_delivered then upper('FI' || lpad(to_hex(n * 7 % 4096), 3, '0') || '-xxxxx-xxxxx-xxxxx-' || lpad(to_hex(n * 7919 % 1048573), 5, '0')) end,
    case when is_delivered then decode(lpad(to_hex(n), 16, '0'), 'hex') end, true, case when n % 5 = 0 then 'Redeemed' end,
    case when n % 43 = 0 then sales_order.created_at end
  from generate_series(1::bigint, ${count.assets}) n
  cross join lateral (select n % 1000 > 3 as is_delivered) as delivery
  join sales_order on sales_order.id = ${id('order', `(${item} + 1) / 2`)}
  join product on product.id = ${id('product', '1 + n % 40')}`
}

/** Of delivered licences one in a hundred was asked to be cancelled, and of those one in ten waits for a decision. */
const wishes = (sizes: Sizes) => `
  insert into return_request (id, asset_id, transaction_id, state, comment, requested_by, requested_at, decided_by, decided_at, answer)
  select ${id('wish', 'n')}, asset.id, ${id('wish', 'n + 1000000000')}, case when is_open then 'requested' else 'declined' end, 'Bought twice',
    ${id('user', '1')}, asset.purchased_at, case when not is_open then ${id('user', '1')} end, case when not is_open then asset.purchased_at end,
    case when is_open then '' else 'The key is in use.' end
  from generate_series(50::bigint, ${countsOf(sizes).assets}, 100) n
  cross join lateral (select n % 1000 = 50 as is_open) as wish
  join asset on asset.id = ${id('asset', 'n')} and asset.state = 'active' and asset.provisioning = 'synchronized'`

const subscriptions = (sizes: Sizes) => `
  insert into subscription (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, kind, name, sku,
    term, billing_plan, quantity, currency, unit_price, net_minor, tax_basis_points, tax_category, explanation, pricing, state, provisioning,
    failure_reason, renewal_problem, purchased_at, anchor, started_at, starts_on, ends_on, auto_renew, cancelled_at)
  select ${id('subscription', 'n')}, 'SUB-' || 500000 + n, sales_order.id, ${id('item', 'n')}, sales_order.billing_to_id, sales_order.end_customer_id,
    product.id, ${id('plan', '41 + n % 360')}, ${id('instance', '1')}, case when n % 12 = 5 then 'perpetual' else 'subscription' end, product.name,
    product.code || ':0001:commercial:P1Y:annual', case when n % 12 = 5 then 'OneTime' when n % 3 = 0 then 'P3Y' else 'P1Y' end,
    case when n % 12 = 5 then 'one_time' else 'annual' end, 1 + n % 25, sales_order.currency, 100, n * 13 % 800000, 1900, 'S', '{}', '{}', stands,
    case when stands = 'ordered' and n % 2000 = 11 then 'failed' when stands in ('ordered', 'dropped') then 'unsynchronised' else 'synchronized' end,
    case when n % 2000 = 11 then 'The vendor does not know the customer.' end,
    case when n % 900 = 17 and stands = 'active' then 'The price is not known.' end, sales_order.created_at,
    case when stands in ('ordered', 'dropped') then null else sales_order.created_at::date end,
    case when stands in ('ordered', 'dropped') then null else sales_order.created_at end,
    case when stands in ('ordered', 'dropped') then null else sales_order.created_at::date end,
    case when stands in ('ordered', 'dropped') or n % 12 = 5 then null else sales_order.created_at::date + (365 * (1 + n % 3 / 2) - n % 4 * 100)::int end,
    n % 12 <> 5 and n % 4 > 0, case when stands in ('cancelled', 'dropped') then sales_order.created_at end
  from generate_series(1::bigint, ${sizes.subscriptions}) n
  cross join lateral (select case when n % 2000 in (11, 12) then 'ordered' when n % 500 = 13 then 'dropped' when n % 11 = 0 then 'cancelled'
    when n % 23 = 0 then 'expired' else 'active' end as stands) as standing
  join sales_order on sales_order.id = ${id('order', '(n + 1) / 2')}
  join product on product.id = ${id('product', '41 + n % 360')}`

const invoices = (sizes: Sizes) => {
  const count = countsOf(sizes)
  return `
  insert into invoice (id, kind, state, cause, legal_entity_id, number, billing_to_id, end_customer_id, order_id, credits_invoice_id, currency,
    net_minor, tax_minor, total_minor, tax_summary, seller, buyer, end_customer, order_number, reference, created_at, issued_at, issue_date, due_date,
    transaction_currency, transaction_rate, transaction_rate_date, transaction_rate_source, transaction_net_minor, transaction_tax_minor,
    transaction_total_minor)
  select ${id('invoice', 'n')}, case when n % 40 = 0 then 'credit' else 'invoice' end, case when is_draft then 'draft' else 'issued' end, 'filled:' || n,
    ${id('account', '1')}, case when is_draft then null when n % 40 = 0 then 'CN-' || 500000 + n else 'INV-' || 500000 + n end, payer.id, customer.id,
    sales_order.id, case when n % 40 = 0 then ${id('invoice', 'n - 1')} end, sales_order.currency, amount, 0, amount, '[]', '{}',
    jsonb_build_object('number', payer.number, 'name', payer.name), jsonb_build_object('number', customer.number, 'name', customer.name),
    sales_order.number, sales_order.reference, filled_at(n, ${count.invoices}), case when is_draft then null else filled_at(n, ${count.invoices}) end,
    case when is_draft then null else filled_at(n, ${count.invoices})::date end,
    case when is_draft then null else filled_at(n, ${count.invoices})::date + 30 end,
    case when is_converted then 'VES' end, case when is_converted then 40 end, case when is_converted then date '2025-01-01' end,
    case when is_converted then 'Filled' end, case when is_converted then 40 * amount end, case when is_converted then 0 end,
    case when is_converted then 40 * amount end
  from generate_series(1::bigint, ${count.invoices}) n
  cross join lateral (select n % 1000 = 9 as is_draft, case when n % 40 = 0 then -1 else 1 end * (n * 29 % 700000) as amount) as standing
  cross join lateral (select n % 8 = 3 and not is_draft as is_converted) as converting
  join sales_order on sales_order.id = ${id('order', `1 + n % ${count.orders}`)}
  join account payer on payer.id = sales_order.billing_to_id
  join account customer on customer.id = sales_order.end_customer_id`
}

/** One in seven is open; one in eight has a transaction currency. */
const receivables = `
  insert into receivable (invoice_id, kind, billing_to_id, currency, issue_date, due_date, total_minor, open_minor,
    transaction_currency, transaction_total_minor, transaction_open_minor)
  select id, kind, billing_to_id, currency, issue_date, due_date, total_minor, case when total_minor % 7 = 0 then total_minor else 0 end,
    transaction_currency, transaction_total_minor, case when total_minor % 7 = 0 then transaction_total_minor else transaction_total_minor * 0 end
  from invoice where state = 'issued'`

/** Of what is paid; one in 50 was taken back again. */
const payments = `
  insert into payment (id, invoice_id, currency, amount_minor, received_on, reference, recorded_at, recorded_by, recorded_by_name, withdrawn_at,
    withdrawn_by_name, withdrawn_because, transaction_currency, transaction_amount_minor)
  select ${id('payment', 'n')}, invoice.id, invoice.currency, invoice.total_minor, invoice.issue_date + 10, 'PAY ' || n, invoice.issued_at + interval '11 days',
    ${id('user', '1 + n % 7')}, 'Person ' || n % 7, case when is_withdrawn then invoice.issued_at + interval '12 days' end,
    case when is_withdrawn then 'Person 1' end, case when is_withdrawn then 'Entered twice' end, invoice.transaction_currency,
    invoice.transaction_total_minor
  from (
    select invoice.*, row_number() over (order by invoice.id) as n from invoice join receivable on receivable.invoice_id = invoice.id
    where receivable.open_minor = 0 and invoice.total_minor <> 0
  ) invoice cross join lateral (select n % 50 = 7 as is_withdrawn) taking_back`

const invoiceLines = (sizes: Sizes) => `
  insert into invoice_line (id, invoice_id, kind, position, order_item_id, name, quantity, unit_price, net_minor, tax_minor, tax_basis_points,
    tax_category, explanation)
  select ${id('line', 'n')}, ${id('invoice', '(n + 3) / 4')}, case when (n + 3) / 4 % 40 = 0 then 'credit' else 'invoice' end, 1 + n % 4,
    ${id('item', `1 + n % ${2 * countsOf(sizes).orders}`)}, 'Filled', 1, 100, 10000, 1900, 1900, 'S', '{}'
  from generate_series(1::bigint, ${sizes.invoiceLines}) n`

/** One of every account. */
const contacts = ({ resellers, customers }: Sizes) => `
  insert into account_contact (id, account_id, role, name, email, created_at, updated_at)
  select ${id('contact', 'n')}, ${id('account', 'n')}, case when n % 3 = 0 then 'technical' else 'billing' end,
    ${words('Greta Hugo Ines Jonas Karla Levi', 'n')} || ' ' || ${words('Olsen Prager Quist Roth Sauer', 'n / 6')} || ' ' || n,
    'contact' || n || '@filled.example', now(), now()
  from generate_series(1::bigint, ${resellers + customers}) n`

/** Where the keys of every customer go. */
const keyAddresses = ({ resellers, customers }: Sizes) => `
  insert into sync_options (account_id, connector, options, updated_at)
  select ${id('account', 'n')}, 'microsoft-esd', jsonb_build_object('keyDeliveryEmail', 'keys' || n || '@customer' || n || '.example'), now()
  from generate_series(${resellers + 1}::bigint, ${resellers + customers}) n`

/** Of the seller sixty, of every reseller one; each has a key. */
const people = ({ resellers }: Sizes) => `
  insert into app_user (id, account_id, email, name, password_hash, roles, state, created_at, last_login_at)
  select ${id('user', 'n + 1')}, case when n > 60 then ${id('account', 'n - 60')} end, 'person' || n || '@filled.example',
    ${words('Anna Bo Clara Dag Elif Finn', 'n')} || ' ' || ${words('Berg Costa Dahl Novak', 'n / 6')} || ' ' || n,
    case when n % 9 <> 4 then 'filled' end,
    case when n > 60 then array['admin'] when n % 10 = 1 then array['administrator'] else array['support', 'account-manager'] end,
    case when n % 13 = 5 then 'blocked' else 'active' end, filled_at(n, ${60 + resellers}),
    case when n % 9 <> 4 then filled_at(n, ${60 + resellers}) end
  from generate_series(1::bigint, ${60 + resellers}) n;
  insert into api_key (id, user_id, name, key_hash, hint, rights, created_at, expires_at, last_used_at, revoked_at)
  select ${id('key', 'n')}, ${id('user', 'n + 1')}, 'Connector ' || n, sha256(('filled' || n)::bytea), lpad(to_hex(n), 4, 'k'),
    case when n % 3 = 0 then array['see-orders'] end, filled_at(n, ${60 + resellers}),
    case when n % 4 = 0 then filled_at(n, ${60 + resellers}) + interval '30 days' end,
    case when n % 2 = 0 then filled_at(n, ${60 + resellers}) end, case when n % 7 = 0 then filled_at(n, ${60 + resellers}) end
  from generate_series(1::bigint, ${60 + resellers}) n`

const mails = (sizes: Sizes) => {
  const { mails: count, assets: assetCount } = countsOf(sizes)
  return `
  insert into notification (code, name, entity, subject, body, updated_at)
  values ('filled', 'Filled', 'asset', 'Filled', 'Filled', now()) on conflict do nothing;
  insert into mail (id, cause, notification_code, asset_id, subscription_id, invoice_id, order_id, account_id, to_addresses, subject, state, tries, server_answer, queued_at,
    last_tried_at, sent_at)
  select ${id('mail', 'n')}, 'filled:' || n, 'filled', case when n % 6 not in (1, 2) then asset.id end, case when n % 6 = 1 then ${id('subscription', `1 + n % ${sizes.subscriptions}`)} end, case when n % 6 = 2 then ${id('invoice', `1 + n % ${countsOf(sizes).invoices}`)} end, asset.order_id, asset.end_customer_id, array['office' || n || '@customer.example'],
    'Your licence ' || asset.number, stands, 1, '250 OK', filled_at(n, ${count}), filled_at(n, ${count}),
    case when stands = 'sent' then filled_at(n, ${count}) end
  from generate_series(1::bigint, ${count}) n
  cross join lateral (select case when n % 700 = 5 then 'failed' when n % 3000 = 8 then 'queued' when n % 900 = 2 then 'cancelled' else 'sent' end as stands) s
  join asset on asset.id = ${id('asset', `1 + n % ${assetCount}`)}`
}

const jobs = (sizes: Sizes) => {
  const { jobs: count } = countsOf(sizes)
  return `
  insert into pgboss.job (id, name, data, state, created_on, start_after, completed_on, output)
  select gen_random_uuid(), ${words('send-mail provision-licence settle-order', 'n')}, jsonb_build_object('mailId', ${id('mail', 'n')}),
    stands::pgboss.job_state, filled_at(n, ${count}), filled_at(n, ${count}), case when stands in ('completed', 'failed') then filled_at(n, ${count}) end,
    case when stands = 'failed' then '{"message": "The mail server was away."}'::jsonb end
  from generate_series(1::bigint, ${count}) n
  cross join lateral (select case when n % 400 = 3 then 'failed' when n % 5000 = 9 then 'retry' when n % 5000 = 11 then 'created' else 'completed' end as stands) s`
}

/** Of every order that it was placed, of every licence that its key was looked at, of every tenth company that it moved. */
const auditLog = `
  insert into audit_entry (id, at, user_id, actor, action, subject_type, subject_id, account_id, before, after)
  select ${id('entry', 'row_number() over (order by at)')}, at, ${id('user', '1 + n % 7')}, 'Person ' || n % 7, action, kind, subject_id::text, account_id, before, after
  from (
    select created_at as at, row_number() over (order by id) as n, 'order/executed' as action, 'order' as kind, id as subject_id,
      end_customer_id as account_id, '{"state": "draft"}'::jsonb as before, '{"state": "executed"}'::jsonb as after from sales_order
    union all select purchased_at, row_number() over (), 'asset/key-revealed', 'asset', id, end_customer_id, null, null from asset
    union all select created_at, row_number() over (), 'account/changed', 'account', id, id, '{"city": "Bonn"}', jsonb_build_object('city', city)
      from account where number like '%0'
  ) entry`
