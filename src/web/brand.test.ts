import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brandTheme, contrast } from './brand.ts'

type Rgb = [number, number, number]
const rgb = (hex: string | undefined) =>
  [1, 3, 5].map((at) => Number.parseInt((hex ?? '').slice(at, at + 2), 16)) as Rgb

test('black on white has a contrast of 21', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21)
})

test('any colour of a seller yields text that can be read: 4.5 to 1 in both looks and on buttons', () => {
  for (const colour of [
    '#3b4fd8',
    '#ffd400',
    '#ff0000',
    '#00b3a4',
    '#111111',
    '#ffffff',
    '#7fff00',
    '#808080',
  ]) {
    const theme = brandTheme(colour)
    assert.ok(contrast(rgb(theme['--brand']), rgb(theme['--brand-ink'])) >= 4.5, `button of ${colour}`)
    assert.ok(
      contrast(rgb(theme['--brand-strong']), rgb(theme['--brand-ink'])) >= 4.5,
      `pressed button of ${colour}`,
    )
    assert.ok(
      contrast(rgb(theme['--brand-text-light']), rgb(theme['--brand-soft-light'])) >= 4.5,
      `light ${colour}`,
    )
    assert.ok(
      contrast(rgb(theme['--brand-text-dark']), rgb(theme['--brand-soft-dark'])) >= 4.5,
      `dark ${colour}`,
    )
  }
})

test('what is no colour is Emporion’s own', () => {
  assert.deepEqual(brandTheme('url(https://evil.example)'), brandTheme('#3b4fd8'))
})
