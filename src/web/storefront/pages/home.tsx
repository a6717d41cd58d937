import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { mayDo } from '#modules/users'
import { listAssets } from '#views/assets/list-assets.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { listOrders } from '#views/orders/list-orders.ts'
import { orderRow, productCard } from '#web/storefront/shown.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page, Section } from '#web/ui/page.tsx'
import { OrderTable } from '../parts/order-table.tsx'
import { ProductGrid } from '../parts/product-grid.tsx'

export const meta = () => [{ title: 'Home' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const [featured, orders, trouble] = await Promise.all([
    shopProducts(app.db, actor, { currency: buyer.currency, featuredOnly: true, limit: 4 }),
    mayDo(actor, 'see-orders') ? listOrders(app.db, actor, { limit: 5 }) : { items: [] },
    mayDo(actor, 'see-assets') ? listAssets(app.db, actor, { filter: 'trouble', limit: 5 }) : { items: [] },
  ])
  return {
    firstName: actor.name.split(' ')[0] ?? actor.name,
    company: buyer.name,
    featured: featured.items.map((product) => productCard(product, buyer)),
    orders: orders.items.map((order) => orderRow(order, buyer)),
    trouble: trouble.items.map(({ id, number, name, endCustomer, failureReason }) => ({
      id,
      number,
      name,
      customer: endCustomer.name,
      reason:
        failureReason ?? 'There is no key for it at the moment. It is delivered as soon as one arrives.',
    })),
  }
}

export default function Home() {
  const { firstName, company, featured, orders, trouble } = useLoaderData<typeof loader>()
  return (
    <Page
      title={`Hello ${firstName}`}
      lead={`What does ${company} need today?`}
      actions={<LinkButton to="/products">Browse all products</LinkButton>}
    >
      {trouble.length > 0 && (
        <Section title="Needs a hand">
          <ul className="grid gap-3">
            {trouble.map((licence) => (
              <li key={licence.id}>
                <Link to={`/licences/${licence.id}`}>
                  {licence.name} for {licence.customer}
                </Link>
                <p className="text-sm">{licence.reason}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {featured.length > 0 && (
        <Section title="Picked for you">
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
    </Page>
  )
}
