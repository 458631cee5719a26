import { Argument, Command } from 'commander'
import type { Invocation } from './invocation.ts'

const help = `
Examples:
  $ dns-failover completion bash > ~/.local/share/bash-completion/completions/dns-failover
  $ dns-failover completion zsh > ~/.zfunc/_dns-failover          with ~/.zfunc on the fpath
  $ dns-failover completion fish > ~/.config/fish/completions/dns-failover.fish
  $ source <(dns-failover completion bash)                        for this shell only

It completes dns-reconcile as well. Exit codes: 0 fine, 64 wrong usage`

/** The verb that prints what a shell needs to complete these commands. */
export const completionCommand = (invocation: Invocation): Command =>
  new Command('completion')
    .description('Print what a shell needs to complete dns-failover and dns-reconcile.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', help)
    .action(async (shell: 'bash' | 'zsh' | 'fish', _options: unknown, command: Command) => {
      const [{ shapeOf }, { bashCompletion }, { zshCompletion }, { fishCompletion }] = await Promise.all([
        import('./completion/shape.ts'),
        import('./completion/bash.ts'),
        import('./completion/zsh.ts'),
        import('./completion/fish.ts'),
      ])
      const shape = shapeOf(command.parent ?? command)
      const complete = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell]
      invocation.io({ color: false }).stdout(complete(shape))
      invocation.setExitCode(0)
    })
