import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { asId, type ProductGroupId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { shopGroup } from '#views/catalogue/shop-group.ts'
import { groupEditions } from '#web/storefront/group-shown.ts'
import { plansShown } from '#web/storefront/plans-shown.ts'
import { paragraphs, pictureOf } from '#web/storefront/shown.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { Page } from '#web/ui/page.tsx'
import { Description, PlanChoice } from '../parts/plan-choice.tsx'
import { ProductPicture } from '../parts/product-grid.tsx'
import { LicencePromises, SoftwarePromises } from '../parts/promises.tsx'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData?.name ?? 'Product group' },
]

/** A product group (product.md S1): several plans sold from one page, in the seller's order. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const { currency, language } = buyer
  const id = asId<ProductGroupId>(args.params['groupId'], 'product-group')
  const group = await shopGroup(app.db, actor, { id, currency, language })
  const licences = group.plans.filter(({ kind }) => kind === 'esd')
  return {
    id,
    name: group.name,
    summary: group.summary,
    description: paragraphs(group.description),
    picture: pictureOf(group, '/groups'),
    mayBuy: mayDo(actor, 'buy'),
    hasSoftware: licences.length < group.plans.length,
    isPerpetual: group.plans.every(({ kind }) => kind !== 'subscription'),
    hasLicences: licences.length > 0,
    returnDays: licences.find(({ isReturnable }) => isReturnable)?.returnWindowDays,
    shown: await plansShown(args, group.plans, (plans, prices) => groupEditions(plans, prices, language)),
  }
}

export default function Group() {
  const group = useLoaderData<typeof loader>()
  return (
    <Page title={group.name} lead={group.summary} crumbs={[{ to: '/products', label: 'Products' }]}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:gap-10">
        <div className="grid content-start gap-5">
          <Description paragraphs={group.description} />
          {group.hasSoftware && <SoftwarePromises isPerpetual={group.isPerpetual} />}
          {group.hasLicences && !group.hasSoftware && <LicencePromises returnDays={group.returnDays} />}
        </div>
        <div className="max-lg:order-first">
          <ProductPicture name={group.name} picture={group.picture} size="large" />
        </div>
      </div>
      <PlanChoice
        {...group.shown}
        path={`/groups/${group.id}/plans/`}
        mayBuy={group.mayBuy}
        empty="Nothing of it can be bought in your currency right now. Your account manager can help."
      />
    </Page>
  )
}
