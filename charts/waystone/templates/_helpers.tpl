{{/* The parts that several templates share. Names of objects are not among them: the code knows those (api/src/names.ts). */}}

{{/* On every object of the release. `component` says which part of Waystone it belongs to. */}}
{{- define "waystone.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: waystone
{{ include "waystone.selectorLabels" . }}
{{- end }}

{{/* By these a part's pods are found: never to change, a Deployment's selector cannot. */}}
{{- define "waystone.selectorLabels" -}}
app.kubernetes.io/name: waystone
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "waystone.image" -}}
{{- $image := .Values.image -}}
{{- printf "%s:%s" $image.repository ($image.tag | default .Chart.AppVersion) -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{/* Pod Security "restricted". 1337 is the user of the image. */}}
{{- define "waystone.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1337
runAsGroup: 1337
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "waystone.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Where the pods of the release may run: the same for controller and job, or an uninstall could find no node. */}}
{{- define "waystone.placement" -}}
{{- with .Values.controller.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.controller.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.controller.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What the restore job may do is made before it, and goes with it, however it ended. */}}
{{- define "waystone.restoreHookAccess" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: "-10"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
{{- end }}

{{/* Labels or annotations of people (`theirs`) under our own (`ours`, as text), which win. */}}
{{- define "waystone.under" -}}
{{- merge (fromYaml .ours) .theirs | toYaml -}}
{{- end }}

{{- define "waystone.podAnnotations" -}}
kubectl.kubernetes.io/default-container: controller
{{- if .Values.metrics.annotations }}
prometheus.io/scrape: "true"
prometheus.io/port: "15020"
prometheus.io/path: /metrics
{{- end }}
{{- end }}
