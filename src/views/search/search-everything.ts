// One search over everything: companies with their contacts, the people who sign in for them and where their keys go; products, orders,
// invoices, licences and subscriptions; by number, name, e-mail, SKU or the last characters of a key. One statement, made of short looks into indexes, so that it can answer while somebody types.
//
// Of a key only its mask is stored in the clear, which ends with the characters everybody who sees the licence sees; the search by
// the end of a key needs no more. A whole key is looked for by its keyed print, as the store does: no key is opened for it.
import { keyPrint } from '#modules/assets'
import { type Actor, mayDo } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import type { Secrets } from '#platform/secrets.ts'
import { canSearchInside, holdsWords, searchWords } from '../accounts/search-text.ts'
import { mayReadProducts } from '../catalogue/reading-products.ts'
import { endsWith, startsWith } from '../lists/conditions.ts'

export const hitKinds = [
  'account',
  'contact',
  'user',
  'order',
  'subscription',
  'asset',
  'invoice',
  'product',
] as const
export type HitKind = (typeof hitKinds)[number]

export type Hit = {
  readonly kind: HitKind
  readonly id: string
  /** Its number, or the company's name. */
  readonly title: string
  readonly about: string
  /** Of a contact, and of somebody who signs in: their account. */
  readonly accountId: string | null
  /** It is called exactly what was typed. */
  readonly isExact: boolean
}

/** Of each kind so many. */
const MOST = 5

export async function searchEverything(
  db: Database | Tx,
  actor: Actor,
  { secrets, q }: { secrets: Secrets; q: string },
): Promise<Hit[]> {
  const text = q.trim().slice(0, 100)
  const words = searchWords(text)
  if ([...text].length < 2 || words.length === 0) return []
  const print = isWholeKey(text) ? keyPrint(secrets, text) : undefined
  return reading(db, sellerScope, async (sql) => {
    const looks = [
      ...(mayDo(actor, 'see-accounts')
        ? [
            accounts(sql, text),
            keyAddresses(sql, text, words),
            contacts(sql, text, words),
            users(sql, text, words),
          ]
        : []),
      ...(mayDo(actor, 'see-orders') ? [orders(sql, text)] : []),
      ...(mayDo(actor, 'see-assets') ? [subscriptions(sql, text), assets(sql, text, print)] : []),
      ...(mayDo(actor, 'see-invoices') ? [invoices(sql, text)] : []),
      ...(mayReadProducts(actor) ? [products(sql, text, words)] : []),
    ]
    if (looks.length === 0) return []
    sql.planFor('values')
    return sql.many<Hit>`
      with named as materialized (
        select account.id, account.number, account.name, account.city, account.kind, account.email from account
        where ${canSearchInside(words) ? holdsWords(sql, words) : startsWith(sql, sql.part`lower(account.name)`, text.toLowerCase())} limit 40
      )
      select kind, id, title, about, account_id, is_exact from (
        ${looks.reduce((before, each) => sql.part`${before} union all ${each}`)}
      ) found (kind, id, title, about, account_id, is_exact, place, rank, newest) order by is_exact desc, place, rank, newest desc, title`
  })
}

/** At least three groups of letters and digits: what a mask hides most of. */
function isWholeKey(text: string): boolean {
  return /^[a-z0-9]{4,8}(-[a-z0-9]{4,8}){2,6}$/i.test(text)
}

/** The start of a number; digits alone mean the number behind its letters. */
function numbered(sql: Sql, column: unknown, text: string, letters: string): unknown {
  const asked = /^\d{3,}$/.test(text) ? `${letters}${text}` : text.toUpperCase()
  return startsWith(sql, column, asked)
}

function accounts(sql: Sql, text: string): unknown {
  return sql.part`
    (select 'account' as kind, named.id::text as id, named.name as title, concat_ws(', ', named.number, named.email, named.city) as about,
      null as account_id,
      named.number = ${text.toUpperCase()} or lower(named.name) = ${text.toLowerCase()} or lower(named.email) = ${text.toLowerCase()} as is_exact,
      1 as place, 1 as rank, '' as newest
    from named order by is_exact desc, lower(named.name) limit ${MOST})`
}

/** Companies whose keys go to an address that holds the words, unless they are found by their own. */
function keyAddresses(sql: Sql, text: string, words: readonly string[]): unknown {
  return sql.part`
    (select 'account', account.id::text, account.name, concat_ws(', ', account.number, 'keys go to ' || found.key_email), null,
      found.key_email = ${text.toLowerCase()}, 1, 4, ''
    from (select account_id, max(key_email) as key_email from (
        select account_id, key_email from sync_options
        where ${canSearchInside(words) ? holdAll(sql, sql.part`sync_options.key_email`, words) : sql.part`false`} limit 40
      ) keyed group by account_id) found
    join account on account.id = found.account_id
    where found.account_id not in (select named.id from named)
    order by 6 desc, lower(account.name), account.id limit ${MOST})`
}

const holdAll = (sql: Sql, column: unknown, words: readonly string[]) =>
  words.reduce((all: unknown, word) => sql.part`${all} and ${column} like ${`%${word}%`}`, sql.part`true`)

/** By name and e-mail, wherever in them; short words by the beginning of a name. */
const called = (sql: Sql, search: unknown, name: unknown, text: string, words: readonly string[]) =>
  canSearchInside(words) ? holdAll(sql, search, words) : startsWith(sql, name, text.toLowerCase())

function contacts(sql: Sql, text: string, words: readonly string[]): unknown {
  const holds = called(
    sql,
    sql.part`account_contact.search`,
    sql.part`lower(account_contact.name)`,
    text,
    words,
  )
  return sql.part`
    (select 'contact', found.id::text, found.name, concat_ws(', ', found.email, account.name), found.account_id::text,
      lower(found.name) = ${text.toLowerCase()} or lower(found.email) = ${text.toLowerCase()}, 1, 2, found.id::text
    from (select id, account_id, name, email from account_contact where ${holds} limit 40) found
    join account on account.id = found.account_id
    order by 6 desc, lower(found.name), found.id limit ${MOST})`
}

/** Who signs in for a company. */
function users(sql: Sql, text: string, words: readonly string[]): unknown {
  const holds = called(sql, sql.part`app_user.search`, sql.part`lower(app_user.name)`, text, words)
  return sql.part`
    (select 'user', found.id::text, found.name, concat_ws(', ', found.email, account.name), found.account_id::text,
      lower(found.name) = ${text.toLowerCase()} or lower(found.email) = ${text.toLowerCase()}, 1, 3, found.id::text
    from (
      select id, account_id, name, email from app_user where app_user.account_id is not null and ${holds} limit 40
    ) found
    join account on account.id = found.account_id
    order by 6 desc, lower(found.name), found.id limit ${MOST})`
}

/** By words of the name, and by the beginning of a SKU. */
function products(sql: Sql, text: string, words: readonly string[]): unknown {
  const named = sql.part`${holdAll(sql, sql.part`product.search`, words)}
    and ${holdAll(sql, sql.part`lower(product.name || ' ' || product.code)`, words)}`
  return sql.part`
    (select 'product', product.id::text, product.name, coalesce(found.sku, product.code), null,
      lower(product.name) = ${text.toLowerCase()} or lower(product.code) = ${text.toLowerCase()}
        or coalesce(lower(found.sku) = ${text.toLowerCase()}, false), 6, found.rank, ''
    from (
      select id, min(rank) as rank, min(sku) as sku from (
        (select plan.product_id as id, 0 as rank, plan.sku from plan
          where ${startsWith(sql, sql.part`upper(plan.sku)`, text.toUpperCase())} limit 40)
        union all
        (select product.id, 1, null from product where ${canSearchInside(words) ? named : sql.part`false`} limit 40)
      ) one group by id
    ) found
    join product on product.id = found.id
    order by 6 desc, found.rank, lower(product.name), product.id limit ${MOST})`
}

function orders(sql: Sql, text: string): unknown {
  return sql.part`
    (select 'order', sales_order.id::text, sales_order.number, concat_ws(', ', customer.name, nullif(sales_order.reference, '')), null,
      sales_order.number = ${text.toUpperCase()}, 2, found.rank, sales_order.id::text
    from (
      (select sales_order.id, 0 as rank from sales_order where ${numbered(sql, sql.part`sales_order.number`, text, 'SO-')}
        order by sales_order.number limit ${MOST})
      union all
      (select sales_order.id, 1 from sales_order
        where sales_order.reference <> '' and ${startsWith(sql, sql.part`lower(sales_order.reference)`, text.toLowerCase())} limit ${MOST})
      union all
      (select latest.id, 2 from named cross join lateral (
        select sales_order.id from sales_order where sales_order.end_customer_id = named.id order by sales_order.id desc limit 3
      ) latest order by latest.id desc limit ${MOST})
    ) found
    join sales_order on sales_order.id = found.id join account customer on customer.id = sales_order.end_customer_id
    order by found.rank, sales_order.id desc limit ${MOST})`
}

function subscriptions(sql: Sql, text: string): unknown {
  return sql.part`
    (select 'subscription', subscription.id::text, subscription.number, concat_ws(', ', subscription.name, customer.name), null,
      subscription.number = ${text.toUpperCase()}, 3, found.rank, subscription.id::text
    from (
      (select subscription.id, 0 as rank from subscription where ${numbered(sql, sql.part`subscription.number`, text, 'SUB-')}
        order by subscription.number limit ${MOST})
      union all
      (select latest.id, 2 from named cross join lateral (
        select subscription.id from subscription where subscription.end_customer_id = named.id order by subscription.id desc limit 3
      ) latest order by latest.id desc limit ${MOST})
    ) found
    join subscription on subscription.id = found.id join account customer on customer.id = subscription.end_customer_id
    order by found.rank, subscription.id desc limit ${MOST})`
}

function assets(sql: Sql, text: string, print: Uint8Array | undefined): unknown {
  return sql.part`
    (select 'asset', asset.id::text, asset.number, concat_ws(', ', asset.name, customer.name, asset.key_mask), null,
      asset.number = ${text.toUpperCase()} or found.is_key, 4, found.rank, asset.id::text
    from (
      (select asset.id, 0 as rank, true as is_key from asset where ${print ? sql.part`asset.key_print = ${print}` : sql.part`false`})
      union all
      (select asset.id, 0, false from asset where ${numbered(sql, sql.part`asset.number`, text, 'LIC-')}
        order by asset.number limit ${MOST})
      union all
      (select asset.id, 1, false from asset where ${endsWith(sql, sql.part`asset.key_mask`, text.toUpperCase())} limit ${MOST})
      union all
      (select latest.id, 2, false from named cross join lateral (
        select asset.id from asset where asset.end_customer_id = named.id order by asset.id desc limit 3
      ) latest order by latest.id desc limit ${MOST})
    ) found
    join asset on asset.id = found.id join account customer on customer.id = asset.end_customer_id
    order by found.rank, asset.id desc limit ${MOST})`
}

function invoices(sql: Sql, text: string): unknown {
  return sql.part`
    (select 'invoice', invoice.id::text, coalesce(invoice.number, 'Draft'), concat_ws(', ', invoice.buyer->>'name', invoice.order_number), null,
      invoice.number = ${text.toUpperCase()}, 5, found.rank, invoice.id::text
    from (
      (select invoice.id, 0 as rank from invoice where ${startsWith(sql, sql.part`invoice.number`, text.toUpperCase())}
        order by invoice.number limit ${MOST})
      union all
      (select latest.id, 2 from named cross join lateral (
        select invoice.id from invoice where invoice.billing_to_id = named.id order by invoice.id desc limit 3
      ) latest order by latest.id desc limit ${MOST})
    ) found
    join invoice on invoice.id = found.id
    order by found.rank, invoice.id desc limit ${MOST})`
}
