/** Closes the newest message and hands the turn to the model: the last text of every prompt. */
export const answerCue = "<|im_end|>\n<|im_start|>assistant\n";

const toolOutcomes = ["ok", "error", "denied", "unknown"] as const;
export type ToolOutcome = (typeof toolOutcomes)[number];

/** How the template ends a tool's message; with `answerCue` behind it, this is what the model acts on. */
export function toolEnding(tool: string, outcome: ToolOutcome): string {
  return `${tool} ${outcome}</tool_outcome>`;
}

const outcomeOf = toolOutcomes
  .filter((outcome) => outcome !== "ok")
  .map((outcome) => `{%- if content.startswith('${outcome}: ') %}{%- set state.outcome = '${outcome}' %}{%- endif %}`)
  .join("\n");

/**
 * ChatML with tool calls in the Hermes form. A tool's message is closed by its name and outcome, read from the
 * beginning of the result (`error: `, `denied: `, `unknown: `), so that the end of a prompt says what to answer,
 * however long the result and whatever older turns or recalled text hold.
 */
export const chatTemplate = `{%- set state = namespace(tool='tool', outcome='ok', system='') %}
{%- for message in messages %}
{%- if message.role == 'system' %}{%- set state.system = state.system + message.content + '\\n' %}{%- endif %}
{%- endfor %}
{%- if state.system or tools %}
{{- '<|im_start|>system\\n' + state.system }}
{%- if tools %}
{{- 'Tools, each as JSON in a line:\\n<tools>\\n' }}
{%- for tool in tools %}{{- tool | tojson + '\\n' }}{%- endfor %}
{{- '</tools>\\nA call looks like this:\\n<tool_call>\\n{"name": "...", "arguments": {...}}\\n</tool_call>' }}
{%- endif %}
{{- '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- set content = message.content or '' %}
{%- if message.role == 'user' %}
{{- '<|im_start|>user\\n' + content.strip() + '<|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}
{{- '<|im_start|>assistant\\n' + content }}
{%- for entry in message.tool_calls or [] %}
{%- set call = entry.function or entry %}
{%- set state.tool = call.name %}
{%- if content or not loop.first %}{{- '\\n' }}{%- endif %}
{{- '<tool_call>\\n{"name": "' + call.name + '", "arguments": ' }}
{%- if call.arguments is string %}{{- call.arguments }}{%- else %}{{- call.arguments | tojson }}{%- endif %}
{{- '}\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == 'tool' %}
{%- set state.outcome = 'ok' %}
${outcomeOf}
{{- '<|im_start|>tool\\n<tool_response>\\n' + content + '\\n</tool_response>\\n' }}
{{- '<tool_outcome>' + (message.name or state.tool) + ' ' + state.outcome + '</tool_outcome><|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;
