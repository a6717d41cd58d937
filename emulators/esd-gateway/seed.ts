// Two instances, with certificates made on the first start, and an invented catalogue for each of their countries.
import { X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import type { Store } from './store.ts'

const catalogue: [
  sku: string,
  name: string,
  description: string,
  type?: 'Token' | 'TokenAndLink',
  returnType?: 'Returnable' | 'NotReturnable',
  status?: 'Active' | 'Discontinued',
][] = [
  [
    'EP2-06604',
    'Office Home & Business 2024',
    'Word, Excel, PowerPoint und Outlook für einen PC oder Mac, dauerhaft.',
  ],
  ['EP2-06798', 'Office Home 2024', 'Word, Excel, PowerPoint und OneNote für einen PC oder Mac, dauerhaft.'],
  ['FQC-10572', 'Windows 11 Pro', 'Betriebssystem für den Arbeitsplatz, eine Lizenz für ein Gerät.'],
  ['KW9-00664', 'Windows 11 Home', 'Betriebssystem für zu Hause, eine Lizenz für ein Gerät.'],
  ['EP2-20655', 'Project Standard 2024', 'Projekte planen und verfolgen, für einen PC.'],
  ['EP2-20561', 'Project Professional 2024', 'Projekte mit Ressourcen und Zusammenarbeit, für einen PC.'],
  ['EP2-20753', 'Visio Standard 2024', 'Diagramme und Pläne zeichnen, für einen PC.'],
  ['EP2-20728', 'Visio Professional 2024', 'Diagramme mit Daten verbinden, für einen PC.'],
  ['6GQ-00092', 'Microsoft 365 Family (12 Monate)', 'Für bis zu sechs Personen, ein Jahr.'],
  ['QQ2-00012', 'Microsoft 365 Personal (12 Monate)', 'Für eine Person, ein Jahr.'],
  ['EP2-06837', 'Word 2024', 'Textverarbeitung für einen PC oder Mac, dauerhaft.', 'Token'],
  ['EP2-06691', 'Excel 2024', 'Tabellen für einen PC oder Mac, dauerhaft.'],
  [
    'EP2-07001',
    'Office Professional Abverkauf',
    'Restposten: vom Umtausch ausgeschlossen.',
    'TokenAndLink',
    'NotReturnable',
  ],
  ['ABC-77777', 'Testprodukt', 'Zum Ausprobieren der Verbindung.'],
  [
    'XYZ-00412',
    'Beispiel Office Start 2021',
    'Wird nicht mehr verkauft.',
    'Token',
    'NotReturnable',
    'Discontinued',
  ],
]

const instances = [
  {
    country: 'DE',
    language: 'de-DE',
    currency: 'EUR',
    tenant: 'emporion-demo-de',
    channelId: '0007000101',
    clientId: '2d1f7c1e-0000-4000-8000-0000000000de',
  },
  {
    country: 'CH',
    language: 'de-CH',
    currency: 'CHF',
    tenant: 'emporion-demo-ch',
    channelId: '0007000202',
    clientId: '2d1f7c1e-0000-4000-8000-0000000000c4',
  },
]

export function seed(store: Store): void {
  if (store.get('select 1 from instance')) return
  for (const instance of instances) {
    const certificate = makeCertificate(
      `esd-${instance.country.toLowerCase()}.seller.example`,
      `demo-${instance.country}`,
    )
    store.run(
      `insert or ignore into instance (client_id, channel_id, tenant, country, language, currency, thumbprint, certificate_pem, pfx_base64, pfx_password)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      instance.clientId,
      instance.channelId,
      instance.tenant,
      instance.country,
      instance.language,
      instance.currency,
      certificate.thumbprint,
      certificate.pem,
      certificate.pfxBase64,
      certificate.password,
    )
    store.together(() => {
      for (const [
        index,
        [sku, name, description, type = 'TokenAndLink', returnType = 'Returnable', status = 'Active'],
      ] of catalogue.entries())
        addProduct(store, {
          country: instance.country,
          sku,
          upc: `${instance.country === 'DE' ? 4 : 7}0000000${String(index + 100).padStart(5, '0')}`,
          name,
          description,
          type,
          returnType,
          status,
        })
    })
  }
}

export type NewProduct = {
  country: string
  sku: string
  upc: string
  name: string
  description: string
  type: string
  returnType: string
  status: string
}

export function addProduct(store: Store, product: NewProduct): void {
  store.run(
    `insert into product (country, sku, upc, name, description, fulfillment_type, return_type, status) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (country, sku) do update set name = excluded.name, description = excluded.description, status = excluded.status,
       return_type = excluded.return_type, fulfillment_type = excluded.fulfillment_type`,
    product.country,
    product.sku,
    product.upc,
    product.name,
    product.description,
    product.type,
    product.returnType,
    product.status,
  )
}

/** Upper-case hexadecimal SHA-256 of the certificate. */
export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '')
}

function makeCertificate(host: string, password: string) {
  const keys = forge.pki.rsa.generateKeyPair({ bits: 2048 })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  certificate.serialNumber = `01${Math.floor(Math.random() * 1e12).toString(16)}`
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000)
  certificate.validity.notAfter = new Date(Date.now() + 365 * 86_400_000)
  certificate.setSubject([{ name: 'commonName', value: host }])
  certificate.setIssuer([{ name: 'commonName', value: host }])
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  const pfx = forge.pkcs12.toPkcs12Asn1(keys.privateKey, [certificate], password, { algorithm: '3des' })
  const pem = forge.pki.certificateToPem(certificate)
  return {
    pem,
    password,
    thumbprint: thumbprintOf(pem),
    pfxBase64: Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'binary').toString('base64'),
  }
}
