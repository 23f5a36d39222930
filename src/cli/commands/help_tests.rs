use clap::CommandFactory;

use super::tests::parse;
use crate::cli::arguments::Arguments;

#[test]
fn the_arguments_are_well_made() {
    Arguments::command().debug_assert();
}

#[test]
fn every_example_can_be_typed_and_every_command_has_two() {
    fn check(command: &clap::Command) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> =
            help.lines().filter_map(|line| line.strip_prefix("  vm-cli ")).collect();
        assert!(2 <= examples.len(), "`{}` has {} examples", command.get_name(), examples.len());
        for example in examples {
            let ours = example.split(['|', '>']).next().unwrap_or_default();
            let parsed = parse(&format!("vm-cli {ours}"));
            assert!(parsed.is_ok(), "`{example}`: {}", parsed.expect_err("it failed"));
        }
        command.get_subcommands().for_each(check);
    }
    check(&Arguments::command());
}

#[test]
fn the_main_help_lists_every_command_as_it_describes_itself() {
    let mut program = Arguments::command();
    let help = program.render_help().to_string();
    let lines: Vec<&str> = help.lines().collect();
    let commands: Vec<clap::Command> = Arguments::command().get_subcommands().cloned().collect();
    for command in commands.iter().filter(|command| !command.is_hide_set()) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let aliases: Vec<&str> = command.get_visible_aliases().collect();
        let aliases = match aliases.as_slice() {
            [] => String::new(),
            aliases => format!(" [{}]", aliases.join(", ")),
        };
        let line = format!("  {:<13}  {about}{aliases}", command.get_name());
        assert!(lines.contains(&line.as_str()), "`{line}` is missing");
    }
}
