import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Answer, Failure } from '../api/problem.ts'
import { FailureNote, Note } from '../parts/note.tsx'
import { type Action, openAction } from '../store/actions.ts'
import { EffectPart } from './effect-part.tsx'
import { FieldPart } from './field-part.tsx'
import { initialValues, type Values } from './fields.ts'
import { OutcomePart } from './outcome-part.tsx'
import { type Outcome, type Spec, specOf } from './spec.ts'

/** Nothing is done before it has been shown what it would do. */
type Stage = { readonly kind: 'form' } | { readonly kind: 'preview'; readonly outcome: Outcome | undefined } | { readonly kind: 'done'; readonly outcome: Outcome }

const Steps = ({ action, spec, close }: { readonly action: Action; readonly spec: Spec; readonly close: () => void }): JSX.Element => {
  const [values, setValues] = useState<Values>(() => initialValues(spec.fields))
  const [stage, setStage] = useState<Stage>({ kind: 'form' })
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  const [isAsking, setAsking] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)

  const ask = async (order: Promise<Answer<Outcome>>, next: (outcome: Outcome) => Stage): Promise<void> => {
    setAsking(true)
    setFailure(undefined)
    const answer = await order
    setAsking(false)
    if (answer.kind !== 'ok') return setFailure(answer)
    setStage(next(answer.value))
    heading.current?.focus()
  }
  const preview = (): void => {
    if (spec.preview === undefined) setStage({ kind: 'preview', outcome: undefined })
    else void ask(spec.preview(values), (outcome) => ({ kind: 'preview', outcome }))
  }
  const perform = (): void => void ask(spec.perform(values), (outcome) => ({ kind: 'done', outcome }))

  // An order without a question is previewed at once.
  useEffect(() => {
    if (spec.fields.length === 0) preview()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  const submit = (event: Event): void => {
    event.preventDefault()
    if (isAsking) return
    if (stage.kind === 'form') preview()
    else if (stage.kind === 'preview') perform()
    else close()
  }

  return (
    <form class="stack act" onSubmit={submit}>
      <h2 ref={heading} tabIndex={-1} id="act-title">
        {spec.title}
      </h2>
      {stage.kind === 'form' ? (
        <>
          <p class="muted">{spec.lead}</p>
          {spec.fields.map((field) => (
            <FieldPart key={field.name} field={field} value={values[field.name] ?? ''} failure={failure} onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))} />
          ))}
        </>
      ) : null}
      {stage.kind === 'preview' ? (
        <div class="preview stack">
          <p class="small muted">Nothing has been done yet. {stage.outcome === undefined ? '' : 'This would happen:'}</p>
          {stage.outcome === undefined ? <p>{spec.lead}</p> : <OutcomePart outcome={stage.outcome} isDone={false} />}
        </div>
      ) : null}
      {stage.kind === 'done' ? (
        <>
          <Note tone="ok">
            <OutcomePart outcome={stage.outcome} isDone />
          </Note>
          <EffectPart action={action} />
        </>
      ) : null}
      <div aria-live="polite" class="stack">
        {failure === undefined ? null : (
          <>
            <FailureNote failure={failure} />
            {failure.kind === 'unreachable' && stage.kind === 'preview' ? <p class="small">Whether it was done is not known. Look at the site before you try again.</p> : null}
          </>
        )}
        {isAsking ? <p class="small muted">{stage.kind === 'preview' ? 'Doing it…' : 'Asking what it would do…'}</p> : null}
      </div>
      <div class="act-buttons">
        {stage.kind === 'done' ? (
          <button type="submit" class="primary">
            Close
          </button>
        ) : (
          <>
            <button type="button" onClick={close}>
              Cancel
            </button>
            {stage.kind === 'preview' && spec.fields.length > 0 ? (
              <button type="button" onClick={() => (setFailure(undefined), setStage({ kind: 'form' }))}>
                Back
              </button>
            ) : null}
            <button type="submit" class="primary" disabled={isAsking}>
              {stage.kind === 'form' ? 'Preview' : spec.verb}
            </button>
          </>
        )}
      </div>
    </form>
  )
}

/** Holds the focus while it is open, and gives it back to where it was. */
export const ActionDialog = (): JSX.Element | null => {
  const action = openAction.value
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (action === undefined || element === null || element.open) return
    element.showModal()
    // What must be written, first.
    const fields = [...element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input[required], textarea')]
    fields.find(({ value }) => value === '')?.focus()
  }, [action])
  if (action === undefined) return null
  const close = (): void => dialog.current?.close()
  return (
    <dialog ref={dialog} aria-labelledby="act-title" onClose={() => void (openAction.value = undefined)}>
      <Steps key={`${action.kind} ${action.site} ${action.region?.region ?? ''}`} action={action} spec={specOf(action)} close={close} />
    </dialog>
  )
}
