// Pools of uploaded keys. Of an upload the good rows are taken; the wrong ones come back here, and nowhere else.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { uploadPoolKeys } from '#flows/catalogue/upload-pool-keys.ts'
import { keyPools } from '#views/catalogue/key-pools.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, fileOf, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field, SelectField, TextArea } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Key pools' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const pools = await keyPools(app.db, actor)
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
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
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

type Uploaded = { uploaded?: Awaited<ReturnType<typeof uploadPoolKeys>> }

export default function KeyPools() {
  const pools = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Uploaded>()
  const { key } = useLocation()
  const low = pools.filter((pool) => pool.isLow)
  const create = <LinkButton to="/products/new-pool">New product of a key pool</LinkButton>
  return (
    <Page title="Key pools" lead="Keys we upload, each given out once" actions={create}>
      {low.length > 0 && (
        <Notice tone="warning" title="Few keys are left">
          {low.map((pool) => `${pool.name} (${pool.free})`).join(', ')}
        </Notice>
      )}
      {more?.uploaded && <Result uploaded={more.uploaded} />}
      {pools.length === 0 ? (
        <Empty title="There is no product with a key pool yet" action={create}>
          A pool holds the keys of one product. Create the product, then upload its keys.
        </Empty>
      ) : (
        <Table
          caption="Key pools"
          heads={[
            'Product',
            'SKU',
            'Application',
            'Free',
            'Used',
            'Returned',
            'Waiting for a key',
            'Last upload',
          ]}
          numeric={[3, 4, 5, 6]}
          rows={pools.map((pool) => ({
            key: pool.planId,
            cells: [
              <Link key="to" to={`/products/${pool.productId}`}>
                {pool.name}
              </Link>,
              pool.sku,
              pool.instance,
              <span key="free" className="inline-flex items-center gap-2">
                {pool.isLow && <State>low stock</State>} {pool.free}
              </span>,
              pool.used,
              pool.returned,
              pool.waiting,
              pool.uploaded,
            ],
          }))}
        />
      )}
      {pools.length > 0 && (
        <Card title="Upload keys">
          <FormNotice state={state} />
          <Form key={key} method="post" encType="multipart/form-data" className="grid max-w-xl gap-4">
            <SelectField
              label="Product"
              name="planId"
              defaultValue={pools[0]?.planId}
              options={pools.map((pool) => ({ value: pool.planId, label: `${pool.name} (${pool.sku})` }))}
              state={state}
            />
            <Field
              label="CSV file"
              name="file"
              type="file"
              accept=".csv,text/csv,text/plain"
              hint="One key a line: key, activation link. Good rows are taken, wrong ones come back."
              state={state}
            />
            <Actions>
              <Submit name="intent" value="upload">
                Upload
              </Submit>
            </Actions>
          </Form>
        </Card>
      )}
    </Page>
  )
}

function Result({ uploaded }: { uploaded: NonNullable<Uploaded['uploaded']> }) {
  return (
    <Card title="Upload">
      <Notice tone={uploaded.wrong.length > 0 ? 'warning' : 'success'} isAlert>
        {`${uploaded.imported} keys imported, ${uploaded.wrong.length} rows not taken. ${uploaded.free} keys are free now.`}
      </Notice>
      {uploaded.wrong.length > 0 && (
        <>
          <Table
            caption="Rows not taken"
            heads={['Line', 'Reason']}
            rows={uploaded.wrong.map((row, at) => ({
              key: `${row.line} ${at}`,
              cells: [row.line, row.reason],
            }))}
          />
          <TextArea
            key={uploaded.correctionFile}
            label="Correction file"
            name="correction"
            defaultValue={uploaded.correctionFile}
            rows={Math.min(uploaded.wrong.length + 2, 15)}
            readOnly
            className="font-mono"
            hint="Save it as a .csv file, correct the rows and upload it again."
          />
        </>
      )}
    </Card>
  )
}
