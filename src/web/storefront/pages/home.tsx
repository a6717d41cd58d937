import { KeyRound, ReceiptText, Zap } from 'lucide-react'
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { mayDo } from '#modules/users'
import { viewHome } from '#views/home.ts'
import { productCards } from '#web/storefront/shelf.ts'
import { orderRow } from '#web/storefront/shown.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Empty, Section } from '#web/ui/page.tsx'
import { SearchForm } from '#web/ui/table.tsx'
import { OrderTable } from '../parts/order-table.tsx'
import { ProductGrid } from '../parts/product-grid.tsx'

export const meta = () => [{ title: 'Home' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const home = await viewHome(app.db, actor, buyer)
  return {
    firstName: actor.name.split(' ')[0] ?? actor.name,
    company: buyer.name,
    basketCount: buyer.basketCount,
    mayBuy: mayDo(actor, 'buy'),
    featured: await productCards(app, actor, buyer, home.featured),
    orders: home.orders.map((order) => orderRow(order, buyer)),
    trouble: [
      ...home.licencesInTrouble.map(({ id, name, endCustomer, failureReason }) => ({
        to: `/licences/${id}`,
        name,
        customer: endCustomer.name,
        reason:
          failureReason ?? 'There is no key for it at the moment. It is delivered as soon as one arrives.',
      })),
      ...home.subscriptionsInTrouble.map(({ id, name, endCustomer, failureReason, renewalProblem }) => ({
        to: `/subscriptions/${id}`,
        name,
        customer: endCustomer.name,
        reason: failureReason ?? renewalProblem ?? '',
      })),
    ],
  }
}

export default function Home() {
  const { firstName, company, featured, orders, trouble, basketCount, mayBuy } =
    useLoaderData<typeof loader>()
  return (
    <div className="grid gap-8 sm:gap-10">
      <Welcome firstName={firstName} company={company} basketCount={basketCount} mayBuy={mayBuy} />
      {trouble.length > 0 && (
        <Notice tone="warning" title="Needs a hand">
          <ul className="grid gap-2">
            {trouble.map((licence) => (
              <li key={licence.to}>
                <Link to={licence.to}>
                  {licence.name} for {licence.customer}
                </Link>
                <p className="text-sm">{licence.reason}</p>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {featured.length > 0 && (
        <Section title="Picked for you" actions={<Link to="/products">All products</Link>}>
          <ProductGrid products={featured} />
        </Section>
      )}
      <Section title="Recent orders" actions={orders.length > 0 && <Link to="/orders">All orders</Link>}>
        {orders.length > 0 ? (
          <OrderTable orders={orders} />
        ) : (
          <Empty
            title="No orders yet"
            action={<LinkButton to="/products">Find your first product</LinkButton>}
          >
            Your orders will be here, with every licence and where it is on its way.
          </Empty>
        )}
      </Section>
    </div>
  )
}

const promises = [
  { Icon: Zap, text: 'Keys by e-mail within minutes' },
  { Icon: KeyRound, text: 'Every licence with its own key and link' },
  { Icon: ReceiptText, text: 'Charged only for what is delivered' },
]

function Welcome({
  firstName,
  company,
  basketCount,
  mayBuy,
}: {
  firstName: string
  company: string
  basketCount: number
  mayBuy: boolean
}) {
  return (
    <section className="grid gap-6 overflow-hidden rounded-2xl border border-line bg-linear-to-br from-brand-soft via-surface to-surface p-6 sm:p-10">
      <header className="grid gap-2">
        <p className="font-medium text-brand-text">{company}</p>
        <h1 className="text-3xl leading-tight font-semibold tracking-[-0.025em] text-balance sm:text-[2.5rem]">
          Hello {firstName}, what do you need today?
        </h1>
      </header>
      <SearchForm label="Search all products" action="/products" placeholder="Office, Windows…" />
      <p className="flex flex-wrap gap-2">
        {mayBuy && basketCount > 0 && (
          <LinkButton to="/checkout">
            Go to checkout ({basketCount} {basketCount === 1 ? 'item' : 'items'})
          </LinkButton>
        )}
        <LinkButton to="/products" tone={mayBuy && basketCount > 0 ? 'plain' : 'primary'}>
          Browse all products
        </LinkButton>
      </p>
      <ul className="flex flex-wrap gap-x-6 gap-y-2 text-sm text-muted">
        {promises.map(({ Icon, text }) => (
          <li key={text} className="flex items-center gap-2">
            <Icon size={16} aria-hidden="true" className="text-brand-text" />
            {text}
          </li>
        ))}
      </ul>
    </section>
  )
}
