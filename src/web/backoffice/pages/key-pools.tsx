// Pools of uploaded keys. Of an upload the good rows are taken; the wrong ones come back here, and nowhere else.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { uploadPoolKeys } from '#flows/catalogue/upload-pool-keys.ts'
import { keyPools } from '#views/catalogue/key-pools.ts'
import { answer, deskOf, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { fileOf } from './shared/file.ts'
import { ButtonLink, Field, FormNotice, List, Notice, Page, Panel, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Key pools' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const pools = await shown(keyPools(app.db, actor))
  return pools.map((pool) => ({
    planId: pool.planId as string,
    productId: pool.productId,
    name: pool.productName,
    sku: pool.sku,
    instance: pool.instanceName,
    free: pool.free,
    used: pool.given,
    returned: pool.returned,
    waiting: pool.waiting,
    isLow: pool.isLow,
    uploaded: pool.lastUploadAt ? momentDisplay(pool.lastUploadAt) : 'never',
  }))
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const chosen = form.get('file')
    const uploaded = await uploadPoolKeys(app, actor, {
      planId: textOf(form, 'planId') as never,
      file: await fileOf(form, 'file'),
      fileName: chosen instanceof File ? chosen.name : '',
    })
    // Wrong rows may hold keys: they are for the one who sent them and are kept by no cache.
    return data({ uploaded }, { headers: { 'cache-control': 'private, no-store' } })
  })
}

type Answer = FormState | { uploaded: Awaited<ReturnType<typeof uploadPoolKeys>> }

export default function KeyPools() {
  const pools = useLoaderData<typeof loader>()
  const answered = useActionData() as Answer | undefined
  const state = answered && 'message' in answered ? answered : undefined
  const uploaded = answered && 'uploaded' in answered ? answered.uploaded : undefined
  const low = pools.filter((pool) => pool.isLow)
  return (
    <Page
      title="Key pools"
      lead="Setup > Tools"
      actions={<ButtonLink to="/products/new-pool">New product of a key pool</ButtonLink>}
    >
      {low.length > 0 && (
        <Notice tone="bad">
          Few keys are left of: {low.map((pool) => `${pool.name} (${pool.free})`).join(', ')}.
        </Notice>
      )}
      <FormNotice state={state} />
      {uploaded && (
        <Panel title="Upload">
          <Notice tone={uploaded.wrong.length > 0 ? 'wait' : 'good'}>
            {uploaded.imported} keys imported, {uploaded.wrong.length} rows not taken. {uploaded.free} keys
            are free now.
          </Notice>
          {uploaded.wrong.length > 0 && (
            <>
              <List
                caption="Rows not taken"
                columns={['Line', 'Reason']}
                empty=""
                rows={uploaded.wrong.map((row, at) => ({
                  key: `${row.line} ${at}`,
                  cells: [row.line, row.reason],
                }))}
              />
              <Field
                key={uploaded.correctionFile}
                label="Correction file"
                name="correction"
                value={uploaded.correctionFile}
                rows={Math.min(uploaded.wrong.length + 2, 15)}
                readOnly
                hint="Save it as a .csv file, correct the rows and upload it again."
              />
            </>
          )}
        </Panel>
      )}
      <List
        caption="Key pools"
        columns={[
          'Product',
          'SKU',
          'Application',
          'Free',
          'Used',
          'Returned',
          'Waiting for a key',
          'Last upload',
        ]}
        empty="There is no product with a key pool yet."
        rows={pools.map((pool) => ({
          key: pool.planId,
          cells: [
            <To key="to" to={`/products/${pool.productId}`}>
              {pool.name}
            </To>,
            pool.sku,
            pool.instance,
            <span key="free">
              {pool.free} {pool.isLow && <strong>Low stock</strong>}
            </span>,
            pool.used,
            pool.returned,
            pool.waiting,
            pool.uploaded,
          ],
        }))}
      />
      {pools.length > 0 && (
        <Panel title="Upload keys">
          <Form method="post" encType="multipart/form-data" className="grid max-w-xl gap-4">
            <Field
              label="Product"
              name="planId"
              value={pools[0]?.planId}
              options={pools.map((pool) => [pool.planId, `${pool.name} (${pool.sku})`] as const)}
              state={state}
            />
            <Field label="CSV file" name="file" type="file" accept=".csv,text/csv,text/plain" state={state} />
            <div>
              <Submit intent="upload">Upload</Submit>
            </div>
          </Form>
        </Panel>
      )}
    </Page>
  )
}
