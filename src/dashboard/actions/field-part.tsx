import type { JSX } from 'preact'
import type { Failure } from '../api/problem.ts'
import { type Field, spanWords } from './fields.ts'

interface Props {
  readonly field: Field
  readonly value: string
  readonly failure: Failure | undefined
  readonly onChange: (value: string) => void
}

/** What the service says of this field. */
const complaintOn = (name: string, failure: Failure | undefined): string | undefined => (failure?.kind === 'problem' ? failure.problem.errors?.find(({ field }) => field === name || field.startsWith(`${name}.`))?.text : undefined)

const Input = ({ field, value, complaint, onChange }: { readonly field: Field; readonly value: string; readonly complaint: string | undefined; readonly onChange: (value: string) => void }): JSX.Element => {
  const id = `field-${field.name}`
  const described = { id, 'aria-describedby': `${id}-hint`, 'aria-invalid': complaint !== undefined }
  switch (field.kind) {
    case 'choice':
      return (
        <select {...described} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )
    case 'span':
      return (
        <div class="row span-field">
          <input {...described} value={value} required={field.isOptional !== true} autocomplete="off" spellcheck={false} placeholder="90s, 15m, 1h, 2d, 1h30m" onInput={(event) => onChange(event.currentTarget.value)} />
          {field.offers.map((offer) => (
            <button key={offer} type="button" class={value === offer ? 'chosen' : ''} aria-pressed={value === offer} onClick={() => onChange(offer)}>
              {spanWords(offer)}
            </button>
          ))}
        </div>
      )
    case 'addresses':
      return <textarea {...described} rows={2} value={value} required spellcheck={false} autocapitalize="off" class="mono" placeholder="203.0.113.10 2001:db8::10" onInput={(event) => onChange(event.currentTarget.value)} />
    case 'check':
      return <input {...described} type="checkbox" checked={value === 'yes'} onChange={(event) => onChange(event.currentTarget.checked ? 'yes' : '')} />
    case 'text':
      return <input {...described} value={value} required maxLength={200} autocomplete="off" onInput={(event) => onChange(event.currentTarget.value)} />
  }
}

export const FieldPart = ({ field, value, failure, onChange }: Props): JSX.Element => {
  const complaint = complaintOn(field.name, failure)
  const id = `field-${field.name}`
  const hint = 'hint' in field ? field.hint : undefined
  const label = (
    <label for={id}>
      {field.kind === 'check' ? field.label : <b>{field.label}</b>}
    </label>
  )
  const input = <Input field={field} value={value} complaint={complaint} onChange={onChange} />
  return (
    <div class={field.kind === 'check' ? 'field tick' : 'field'}>
      {field.kind === 'check' ? (
        <>
          {input}
          {label}
        </>
      ) : (
        <>
          {label}
          {input}
        </>
      )}
      <p id={`${id}-hint`} class="small hint">
        {complaint === undefined ? <span class="muted">{hint}</span> : <span class="badge tone-bad wraps">{complaint}</span>}
      </p>
    </div>
  )
}
