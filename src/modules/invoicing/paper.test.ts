import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { stopPdf } from '#platform/pdf/index.ts'
import { creditPaper, longPaper, reverseChargePaper } from './paper.samples.ts'
import { invoicePaperPdf } from './paper.ts'

after(stopPdf)

/** Pages of a tagged PDF by its page tree: the largest `/Count` is the root's. */
function pagesOf(pdf: Uint8Array): number {
  return Math.max(
    ...[
      ...Buffer.from(pdf)
        .toString('latin1')
        .matchAll(/\/Count (\d+)/g),
    ].map((found) => Number(found[1])),
  )
}

test('an invoice is one page of archive PDF, and the same bytes each time', async () => {
  const pdf = await invoicePaperPdf(reverseChargePaper)
  const source = Buffer.from(pdf).toString('latin1')
  assert.ok(source.startsWith('%PDF-1.7'))
  assert.match(source, /pdfaid:part>3</)
  assert.match(source, /\/Lang ?\(en/)
  assert.equal(pagesOf(pdf), 1)
  assert.deepEqual(await invoicePaperPdf(reverseChargePaper), pdf)
})

test('34 lines take two pages', async () => {
  assert.equal(longPaper.lines.length, 34)
  assert.equal(pagesOf(await invoicePaperPdf(longPaper)), 2)
})

test('a credit invoice has nothing to pay and still a page', async () => {
  assert.equal(pagesOf(await invoicePaperPdf(creditPaper)), 1)
})

test('a broken logo does not keep the invoice from the customer', async () => {
  const seller = { ...reverseChargePaper.seller, logoSvg: '<svg' }
  const plain = { ...reverseChargePaper.seller, logoSvg: undefined }
  assert.deepEqual(
    await invoicePaperPdf({ ...reverseChargePaper, seller }),
    await invoicePaperPdf({ ...reverseChargePaper, seller: plain }),
  )
})

test('letters of no font of ours do not keep it either', async () => {
  const pdf = await invoicePaperPdf({
    ...reverseChargePaper,
    buyer: { name: '日本株式会社', address: ['東京'] },
  })
  assert.equal(pagesOf(pdf), 1)
})

test('what looks like the typesetter’s language is only text', async () => {
  const line = {
    ...reverseChargePaper.lines[0]!,
    name: '#read("/etc/passwd") *x* $y$ <z> @w',
    details: ['// no', '\\'],
  }
  assert.equal(pagesOf(await invoicePaperPdf({ ...reverseChargePaper, lines: [line] })), 1)
})
