// A draft is edited in the form it was written in.
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
} from 'react-router'
import { editDraft } from '#flows/ordering/draft-order.ts'
import { Refusal } from '#kernel/failure.ts'
import { viewDraft } from '#views/orders/view-draft.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerDraft, blankLine, plansFor, priceDraft, type TypedLine } from '#web/backoffice/order-draft.ts'
import { done, textOf } from '#web/forms.ts'
import { type DraftAnswer, OrderDraft } from '../parts/order-draft.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Edit order' }]

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const draft = await draftOf(args)
  const lines = draft.lines.map(
    ({ planId, quantity, unitPrice, reason }, at): TypedLine => ({
      ...blankLine(at + 1),
      planId,
      quantity: String(quantity),
      unitPrice,
      reason,
    }),
  )
  const customerId = draft.endCustomerId
  return {
    order: {
      ...(await plansFor(desk, { customerId, including: lines.map(({ planId }) => planId) })),
      mayApprove: desk.actor.rights.has('approve-below-cost'),
    },
    edited: {
      id: draft.id as string,
      number: draft.number,
      reference: draft.reference,
      belowCostReason: draft.belowCostReason,
      savedAt: draft.savedAt.toString(),
    },
    held: { lines, prices: await priceDraft(desk, customerId, lines) },
  }
}

/** What is no draft any more is shown as what it is. */
async function draftOf(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as never
  try {
    return await viewDraft(app.db, actor, { id })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'state/not-a-draft') throw error
    throw done(`/orders/${id}`, error.message)
  }
}

/** Asking for prices changes nothing of what the page has loaded. */
export function shouldRevalidate({ formData, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) {
  return formData?.get('intent') === 'prices' ? false : defaultShouldRevalidate
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const { app, actor } = desk
  const { id, endCustomerId } = await draftOf(args)
  return answerDraft(desk, form, endCustomerId, async (ordered) => {
    const order = await editDraft(app, actor, {
      ...ordered,
      orderId: id,
      editedFrom: textOf(form, 'savedAt'),
    })
    return done(`/orders/${order.id}`, `Order ${order.number} is saved as a draft.`)
  })
}

export default function EditOrder() {
  const { order, edited, held } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<DraftAnswer>()
  return (
    <OrderDraft
      key={edited.id}
      order={order}
      edited={edited}
      state={state}
      answer={more ?? (state ? undefined : held)}
    />
  )
}
