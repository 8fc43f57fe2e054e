#ifdef _WIN32
__declspec(dllexport)
#endif
const char *greeting(void) {
    return "hello from beside";
}
