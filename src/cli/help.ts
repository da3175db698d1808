/** What stands below the list of commands in `slipway --help`. */
export const HELP_FOOTER = `
Examples:
  slipway up                                       a whole service on this machine
  slipway build -t hello:{{.Run.ID}} .             build and push an image
  slipway run -f task.yaml --set name=world .      run a task file with this folder as its source
  slipway run --cmd 'alpine echo hello' /dev/null  one command, without a source
  slipway logs r1a2b3c4 --follow

Exit codes (build, run and exec take theirs from the run's record):
  0    the run succeeded; the command was carried out
  1    the run failed
  2    wrong usage or bad input; nothing was sent
  3    the run was canceled
  4    the run exceeded its time
  5    the run ended as Error, the server failed, or something unforeseen happened
  6    the server can't be reached, or can't reach its store
  7    the server refused the request (no access, not found, invalid)
  130  you left with Ctrl-C while the run goes on, or before it was queued
  143  ended by SIGTERM; a run that was queued goes on

Environment:
  SLIPWAY_SERVER, SLIPWAY_TOKEN  server and token, before the stored login
  SLIPWAY_REGISTRY               registry behind {{.Run.Registry}} for plan and exec
  DOCKER_HOST                    Docker Engine for exec
  NO_COLOR, FORCE_COLOR          no colours; colours also without a terminal
  SLIPWAY_DEBUG                  print the stack of unforeseen errors
  XDG_CONFIG_HOME                folder of slipway/credentials.json (default ~/.config)
`;
