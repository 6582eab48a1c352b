/** What a caller must present: `X-PARTNER-ID` and the pair behind an access token. */
export interface MerchantCredentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The owner of accounts, and the credentials for them. The log shows `name`, never a secret. */
export interface Merchant extends MerchantCredentials {
  readonly name: string
}

export interface AccountRecord {
  /** ULID. */
  readonly id: string
  /** The integer that the documented update response shows in place of the ULID [seed:update]. */
  readonly key: number
  readonly merchant: string
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly status: string
}

/** The merchants, and which account belongs to which. */
export interface Directory {
  /** The first is the default merchant. */
  readonly merchants: readonly Merchant[]
  readonly accounts: readonly AccountRecord[]
}

/** Two merchants: the default one with five accounts, one of them inactive, and another with two. */
export const DEFAULT_DIRECTORY: Directory = {
  merchants: [
    {
      name: 'merchant',
      apiKey: 'b3ed7d4b-a96c-4c08-b3c7-12c312424201',
      clientId: '5f1c2a90-7d1e-4f0b-9a55-sandbox00001',
      clientSecret: 'sandbox-secret-of-the-default-merchant',
    },
    {
      name: 'other-merchant',
      apiKey: 'c9a1f7e2-0b5d-4e3a-8f66-77e1a0b4d902',
      clientId: '91d3b7c4-2e8a-4b7c-8c11-sandbox00002',
      clientSecret: 'sandbox-secret-of-the-other-merchant',
    },
  ],
  accounts: [
    ...accountsOf('merchant', [
      // The account of the documented list sample; as there, it has neither e-mail nor phone.
      ['01HZ7N9K3R0F2QW3X4Y5Z6V7AB', 1, 'Kopi Nusantara', null, null],
      ['01K7P073Q8RE2A9PQT8Q7MXPN4', 35, 'Batik Laras Solo', 'keuangan@batiklaras.example.id', '08123993201'],
      ['01K9B2V4X6Z8C0E1G3J5M7P9R2', 36, 'Bimbel Cendekia Bandung', 'admin@bimbelcendekia.example.id', '082217004455'],
      ['01KA0D5F7H9K1N3Q5S7V9X1Z3B', 37, 'Warung Bu Sri', null, '085600112233'],
      [
        '01JD4M8R2T6W0Y4A8C2E6G0J4K',
        12,
        'Kopi Nusantara Surabaya (tutup)',
        'surabaya@kopinusantara.example.id',
        null,
        'inactive',
      ],
    ]),
    ...accountsOf('other-merchant', [
      ['01K3F6H9K2N5Q8T1W4Y7A0C3E6', 58, 'Toko Elektronik Jaya', 'kasir@elektronikjaya.example.id', '081390008877'],
      ['01K3F6J2M5P8R1T4W7Y0A3C6E9', 59, 'Servis AC Jaya', null, null],
    ]),
  ],
}

type Row = readonly [id: string, key: number, name: string, email: string | null, phone: string | null, status?: string]

function accountsOf(merchant: string, rows: readonly Row[]): AccountRecord[] {
  return rows.map(([id, key, name, email, phone, status = 'active']) => {
    return { id, key, merchant, name, email, phone, status }
  })
}
