import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { requestCancellation, withdrawCancellation } from '#flows/provisioning/cancel-licence.ts'
import { requestTokenCheck } from '#flows/provisioning/check-token.ts'
import { resendKey } from '#flows/provisioning/resend-key.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { revealKey } from '#flows/provisioning/reveal-key.ts'
import { type AssetId, asId, type ReturnRequestId } from '#kernel/ids.ts'
import { viewAsset } from '#views/assets/view-asset.ts'
import { licencePage } from '#web/storefront/licence-shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, noSuchForm, textOf } from '#web/storefront/visitor.ts'
import { Badge } from '#web/ui/badge.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Page } from '#web/ui/page.tsx'
import { formStateIn } from '../form-state.ts'
import { LicenceCancellation } from '../parts/licence-cancellation.tsx'
import { LicenceFacts } from '../parts/licence-facts.tsx'
import { LicenceKey } from '../parts/licence-key.tsx'
import { LicenceMails } from '../parts/licence-mails.tsx'

export const meta = ({ loaderData }: { loaderData?: { number: string } }) => [
  { title: loaderData ? `Licence ${loaderData.number}` : 'Licence' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const id = asId<AssetId>(args.params['licenceId'], 'asset')
  const view = await viewAsset(app.db, actor, { id, now: app.now() })
  return { held: await heldForm(args), ...licencePage(view, buyer) }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  const assetId = asId<AssetId>(args.params['licenceId'], 'asset')
  const back = (message: string) => done(args.url.pathname, message)
  return answerForm(form, async () => {
    switch (form.get('intent')) {
      case 'reveal': {
        // On this answer only: never in an address, and gone with the next reload.
        const revealed = await revealKey(app, actor, { assetId })
        return data({ revealed }, { headers: { 'cache-control': 'no-store' } })
      }
      case 'resend': {
        const { to } = await resendKey(app, actor, { assetId, to: textOf(form, 'to') })
        return back(`The key is on its way to ${to}. The delivery log tells when it has arrived.`)
      }
      case 'retry':
        await retryLicence(app, actor, { assetId })
        return back('Trying again. This page shows what comes of it.')
      case 'cancel':
        await requestCancellation(app, actor, { assetId, comment: textOf(form, 'comment') })
        return back('Your request is with us. You can withdraw it until it is decided.')
      case 'withdraw':
        await withdrawCancellation(app, actor, {
          requestId: asId<ReturnRequestId>(form.get('requestId'), 'return-request'),
        })
        return back('The request is withdrawn; the licence stays yours.')
      case 'check':
        await requestTokenCheck(app, actor, { assetId })
        return back('Asking the vendor. Reload in a moment to see the answer.')
      default:
        throw noSuchForm()
    }
  })
}

export default function Licence() {
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>() ?? page.held
  const revealed = answer && 'revealed' in answer ? answer.revealed : undefined
  const state = formStateIn(answer)
  return (
    <Page
      title={page.name}
      lead={`${page.number} · ${page.customer}`}
      crumbs={[{ to: '/licences', label: 'Licences' }]}
      actions={<Badge tone={page.state.tone}>{page.state.text}</Badge>}
    >
      {state && !['resend', 'cancel'].includes(state.intent ?? '') && <FormNotice state={state} />}
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <div className="grid content-start gap-6">
          <LicenceKey licence={page} revealed={revealed} />
          <LicenceMails licence={page} state={state?.intent === 'resend' ? state : undefined} />
        </div>
        <div className="grid content-start gap-6">
          <LicenceFacts licence={page} />
          <LicenceCancellation licence={page} state={state?.intent === 'cancel' ? state : undefined} />
        </div>
      </div>
    </Page>
  )
}
